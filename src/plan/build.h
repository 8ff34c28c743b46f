/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: the parts of plan_build(). They share one struct builder, and only
 * plan_build() calls them, in the order of this header. They fill in the plan, and allocate
 * from b->a. None of them blocks. A function that can fail returns 0 on success and -1 on
 * error, and the plan must not be used after an error. */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "plan/plan.h"

struct builder {
    const struct opts *o;
    const struct facts *f;
    struct arena *a;
    struct plan *p;
};

/* Native sandboxes (native_check.c). */

/* Checks what this machine must have for the options. Adds a warning that says what a sandbox
 * without namespaces gives up. ERR_NOT_FOUND means that a program or a range of ids for
 * --subids is missing; ERR_REFUSED that an option needs namespaces. Both name the option and
 * have a hint. */
int native_check_options(struct builder *b, struct err *e);

/* Without namespaces: checks that no mount restricts what another one permits, because Landlock
 * rules only add rights. Call it after all mounts are in the plan. ERR_REFUSED names the option
 * and the path. */
int native_check_mounts(const struct builder *b, struct err *e);

/* Returns whether the sandbox shows this physical path because it shows the machine's
 * directories and the programs that claude needs. Always false for a container. */
bool native_shows(const struct builder *b, const char *path);

/* Returns whether this physical path is a directory of the machine without which no program
 * runs. Always false for a container. */
bool native_needs(const struct builder *b, const char *path);

/* The project (project.c). */

/* Checks that the current directory can be given to an agent as the project. ERR_REFUSED says
 * why it cannot, with a hint. */
int project_check(const struct builder *b, struct err *e);

/* Returns whether `path` is a directory of the system that the sandbox has its own of. */
bool project_is_system(const char *path);

/* Mounts and copies (mounts.c). */

/* Adds a mount or a copy with the given members, and returns it. The caller sets the others.
 * The pointer is valid until the next one is added. The strings are not copied. */
struct plan_mount *mounts_add(struct builder *b, const char *source, const char *target,
                              bool is_dir, const char *why);
struct plan_copy *mounts_add_copy(struct builder *b, enum plan_copy_kind kind,
                                  const char *source, const char *name, const char *why);

/* Decides on all mounts and copies, on the files of a remote engine, and on the directories
 * that init makes. Errors are those of project_check(), paths_build() and
 * native_check_mounts(); ERR_USAGE also means that --ssh-keys finds no keys. */
int mounts_build(struct builder *b, struct err *e);

/* Adds the mounts that opts->paths ask for, and hides others (paths.c). Call it after all other
 * mounts are in the plan. ERR_USAGE names the option and the path. */
int paths_build(struct builder *b, struct err *e);

/* For a remote engine: replaces each mount by what the engine can have (remote.c). Call it
 * after all mounts are in the plan, and before mounts_build() decides which directories init
 * makes. */
void remote_build(struct builder *b);

/* Paths that a remote engine has too, by another name (path_map.c). */

/* Returns the path by which the engine has this file, socket or directory of this machine, or
 * NULL if it does not have it. Of several path maps the longest counts. Sets *read_only if the
 * sandbox must not write to it, and leaves it unchanged otherwise. */
const char *path_map_find(const struct builder *b, const char *path, bool *read_only);

/* Returns whether path_map_find() finds the path. */
bool path_map_see(const struct builder *b, const char *path);

/* Mount m shows the directory `source` of this machine. What is mounted below it here is not
 * part of it on the engine's machine: adds a mount for each such path, unless one of the first
 * `count` mounts covers it. */
void path_map_inner(struct builder *b, const struct plan_mount *m, const char *source,
                    size_t count);

/* The environment (variables.c). */

/* Adds a variable with a value that is not secret, or replaces the one of that name. The
 * strings are not copied. */
void env_fixed(struct builder *b, const char *name, const char *value);

/* Decides on the whole environment, sorted by name. Variables that were added before it (by
 * mounts) are kept. */
void env_build(struct builder *b);

#endif
