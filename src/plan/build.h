/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: the parts that plan_build() puts together. */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "plan/plan.h"

struct builder {
    const struct opts *o;
    const struct facts *f;
    struct arena *a;
    struct plan *p;
};

/* ERR_REFUSED where the project must not be given to an agent; says why and what to do. */
int project_check(const struct builder *b, struct err *e);

/* True for directories of the system, which the sandbox has its own of. */
bool project_is_system(const char *path);

/* Adds a mount, or a copy; the caller fills in the rest. */
struct plan_mount *mounts_add(struct builder *b, const char *source, const char *target,
                              bool is_dir, const char *why);
struct plan_copy *mounts_copies(struct builder *b, enum plan_copy_kind kind, const char *source,
                                const char *name, const char *why);

/* What opts->paths ask for, on top of all other mounts. ERR_USAGE names the option. */
int paths_build(struct builder *b, struct err *e);

/* Mounts, staged copies and the directories that init makes. */
int mounts_build(struct builder *b, struct err *e);

/* Where the engine sees this machine's files only here and there: exchanges the mounts for what can be had. After
 * mounts_build() has put them all together, and before it decides which directories init makes. */
void remote_build(struct builder *b);

/* Without an engine. First whether --subids can be had: ERR_NOT_FOUND names what is missing. Then, of a physical path:
 * whether the machine's directories show it inside, and whether that is needed. */
int unengined_check(const struct builder *b, struct err *e);
bool unengined_shows(const struct builder *b, const char *path);
bool unengined_needs(const struct builder *b, const char *path);

/* Where there can be no namespaces (plan->bare). First what cannot be had then: ERR_REFUSED names the option; and once
 * mounts_build() has put the mounts together: what they come to where nothing can be mounted. */
int landlock_only_check(struct builder *b, struct err *e);
int landlock_only_build(struct builder *b, struct err *e);

/* Of a PATH, the directories that can be reached: in the others programs would be found and not run. */
const char *landlock_only_path(struct builder *b, const char *path);

/* The path by which such an engine has this file, socket or directory of this machine's; NULL: not at all. The longest
 * map counts. *read_only is set where it cannot be written to here either, and left alone otherwise. */
const char *path_map_find(const struct builder *b, const char *path, bool *read_only);
bool path_map_see(const struct builder *b, const char *path);

/* What is mounted here inside of a directory is, for the engine, no part of it: adds mounts for that below m, whose
 * source here is `source`, unless one of the first `count` mounts is between the two. */
void path_map_inner(struct builder *b, const struct plan_mount *m, const char *source,
                    size_t count);

/* The sandbox's environment, by reference, sorted by name, each name once. */
void env_build(struct builder *b);

/* A variable with a value that is no secret; replaces one of the same name. */
void env_fixed(struct builder *b, const char *name, const char *value);

#endif
