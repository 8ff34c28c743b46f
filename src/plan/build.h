/* SPDX-License-Identifier: MIT */
/* Inside of the plan room: the parts of plan_build(). They share one struct builder, read the
 * options and facts in it, fill in its plan, and allocate from its arena. plan_build() calls
 * native_check_options(), mounts_build() and env_build() in this order; those three call the
 * other functions. None of them blocks. A function that can fail returns 0 on success and -1 on
 * error; the plan is then incomplete. */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "plan/plan.h"

/* The name of the copy that is an empty file and covers hidden files. */
#define PLAN_HIDDEN "hidden"

/* Why a directory of facts.for_all is refused. */
#define PLAN_FOR_ALL "every user of this machine can create files in it"

struct builder {
    const struct opts *o;
    const struct facts *f;
    struct arena *a;
    struct plan *p;
};

/* Native sandboxes (native_check.c). */

/* Checks that this machine has what the options need. To be called for native sandboxes only.
 * ERR_NOT_FOUND means that a program or a range of ids for --subids is missing; ERR_REFUSED
 * that an option needs namespaces. Both name the option and have a hint. For a sandbox without
 * namespaces, adds a warning that says which protection is missing, also before ERR_REFUSED. */
int native_check_options(struct builder *b, struct err *e);

/* Checks, for a sandbox without namespaces, that no mount restricts what another one permits,
 * because Landlock rules only add rights. mounts_build() calls it when all mounts are in the
 * plan. ERR_REFUSED names the option and the path. */
int native_check_mounts(const struct builder *b, struct err *e);

/* Returns true if a native sandbox shows this physical path although no mount does: it is in
 * one of the machine's directories with programs, or in a program that claude needs, or is the
 * target of /etc/resolv.conf (fact_native.resolv_conf). Always returns false for a container.
 */
bool native_shows(const struct builder *b, const char *path);

/* Returns true if this physical path is a directory of the machine without which programs of a
 * native sandbox do not run. Always returns false for a container. */
bool native_needs(const struct builder *b, const char *path);

/* The name (name.c). */

/* Returns the name of session and container: that of --name with exactly one "cco-" in front,
 * or cco-<directory>-<4 hex>. A name of --name that a session cannot have, and that of the
 * directory, are changed so that they are readable in `docker ps`. */
const char *name_build(const struct builder *b);

/* The project (project.c). */

/* Checks that the current directory can be given to an agent as the project. ERR_REFUSED says
 * why it cannot, with a hint. */
int project_check(const struct builder *b, struct err *e);

/* Returns why the directory or file `path`, which is physical, must not be given to an agent:
 * it is, contains or is in a directory of plan/place_table.h. The text begins like "it contains
 * your keys". Returns NULL if no row refuses it. */
const char *project_place(const struct builder *b, const char *path);

/* Returns true if a sandbox has a directory of its own in place of `path`: a directory of the
 * system such as /usr, or any path in /proc, /sys, /dev or the run directory. */
bool project_is_system(const char *path);

/* Mounts and copies (mounts.c). */

/* Adds a bind mount that is not read-only and has no other property than the given ones, and
 * returns it, so that the caller can change it. The pointer is valid until the next mount is
 * added. The strings are not copied. */
struct plan_mount *mounts_add(struct builder *b, const char *source, const char *target,
                              bool is_dir, const char *why);

/* Adds a copy with mode 0600 whose target is the file `name` of the session's directory, and
 * returns it, so that the caller can change it. The pointer is valid until the next copy is
 * added. The strings are not copied. */
struct plan_copy *mounts_add_copy(struct builder *b, enum plan_copy_kind kind,
                                  const char *source, const char *name, const char *why);

/* Mounts a private copy of cco at `target`, and returns the mount, so that the caller can
 * change it. The pointer is valid until the next mount is added. */
struct plan_mount *mounts_show_copy(struct builder *b, const struct plan_copy *s,
                                    const char *target);

/* Adds copies of git's and ssh's settings, known hosts and public keys, and the socket of the
 * ssh agent; with --ssh-keys all of ~/.ssh (git_ssh.c). */
void git_ssh_build(struct builder *b);

/* With --gpg, adds the socket of gpg's agent and copies of the public keys. Says why gpg, or
 * git with gpg, cannot sign in the sandbox (gnupg.c). */
void gnupg_build(struct builder *b);

/* Decides on all mounts and copies, on the files of a remote engine, and on the directories
 * that init makes. Errors are those of project_check(), paths_build() and
 * native_check_mounts(); ERR_USAGE also means that --ssh-keys is set and ~/.ssh does not exist.
 */
int mounts_build(struct builder *b, struct err *e);

/* Mounts a file or directory of cco's own directory for this project. cco makes it if it is
 * missing, and replaces anything else that has its name, such as a link: earlier sandboxes
 * could write to that directory. The strings are not copied. */
void mounts_add_kept(struct builder *b, const char *source, const char *target, bool is_dir,
                     const char *why);

/* Adds this project's conversations and memory (conversations.c), for the reason `why`.
 * `target` is the directory "projects" inside, `own` cco's own directory for this project,
 * which is used if the host's entry is a link. claude keeps the memory of a git worktree with
 * the repository to which it belongs, so that is mounted as well. */
void conversations_build(struct builder *b, const char *why, const char *target,
                         const char *own);

/* Adds the mounts that opts->paths ask for (paths.c), and hides the paths of --deny (hide.c).
 * mounts_build() calls it when all other mounts are in the plan. ERR_USAGE names the option and
 * the path, with a hint. For a path that an argument for claude names, a warning takes the
 * place of that error. */
int paths_build(struct builder *b, struct err *e);

/* Returns why the sandbox must not see (or, unless the access is ACCESS_READ, change) a path
 * that `o` names, or NULL if it may. */
const char *paths_forbidden(struct builder *b, const struct opts_path *o,
                            const struct fact_option_path *n);

/* Shows what the links and the commands in claude's set-up lead to, read-only, or adds what is
 * missing (claude_setup.c). mounts_build() calls it when the mounts of the project and of
 * claude are in the plan. */
void claude_setup_build(struct builder *b);

/* Shows the entry of the user's terminal for terminfo(5), if the sandbox lacks it
 * (terminfo.c). */
void terminfo_build(struct builder *b);

/* Adds to what is missing the settings of tools that no mount shows (tool_settings.c). All
 * mounts must be in the plan. */
void tool_settings_build(struct builder *b);

/* Adds to what is missing the links of the project whose targets no mount shows
 * (project_links.c). Links to secrets of the user and to directories of the system are left
 * out. All mounts must be in the plan. */
void project_links_build(struct builder *b);

/* Adds to what is missing the variables that name a server on this machine's localhost, if the
 * sandbox is on a bridge (local_addresses.c). The environment must be in the plan. */
void local_addresses_build(struct builder *b);

/* Adds to what is missing the interpreters of virtual environments of the project, and the
 * stores of pnpm, that no mount shows (project_tools.c). All mounts must be in the plan. */
void project_tools_build(struct builder *b);

/* Adds links in the home of the sandbox to the project, if the user reaches the project by
 * another name (home_links.c). mounts_build() calls it when all mounts are in the plan. */
void home_links_build(struct builder *b);

/* Adds the user's supplementary groups. Adds a line to the plan's list of missing things if the
 * project belongs to a group that the command does not get (user_groups.c). */
void user_groups_build(struct builder *b);

/* Adds copies of the files with the login of a cloud provider, or what is missing
 * (cloud_copies.c). */
void cloud_copies_build(struct builder *b);

/* Adds copies of the files by which claude connects to editors, if the user wants that and the
 * sandbox reaches them, or what is missing (ide.c). The network must be in the plan. */
void ide_build(struct builder *b);

/* Adds the mounts of --caches (caches.c), or to what is missing those whose place is taken.
 * mounts_build() calls it when all other mounts of this machine's files are in the plan. */
void caches_build(struct builder *b);

/* Returns the text as a line for the user, in the arena: control characters and other bytes
 * that names can contain are escaped (log_escape()), also line breaks (missing.c). */
const char *plan_one_line(struct arena *a, const char *text);

/* Adds one item for the directories of the user's PATH in the home that no mount shows, and for
 * variables that do not pass (shell_setup.c). Mounts and environment must be in the plan. */
void shell_setup_build(struct builder *b);

/* Returns the deepest mount of the plan that shows `path`, a path of the sandbox, or NULL. */
struct plan_mount *paths_covering(struct plan *p, const char *path);

/* Returns true if the sandbox sees this machine's `path`: a mount of the plan shows it, or a
 * native sandbox does (native_shows()). */
bool paths_shown(const struct builder *b, const char *path);

/* Refuses a path that an option of cco names: sets the error and returns -1. For a path in
 * claude's arguments, only warns and returns 0, because claude may handle it. */
int paths_refuse(struct builder *b, const struct opts_path *o, const char *why, struct err *e);

/* Warns that a path of an option does not have the effect that the user expects. Does nothing
 * for a path of the configuration file, which serves every project. */
void paths_warn(struct builder *b, const struct opts_path *o, const char *text);

/* Hides a path of --deny, which exists, under every name by which the sandbox sees it, and
 * removes the mounts below it (hide.c). Warns if the sandbox sees neither. Returns 0 on success
 * and -1 with ERR_USAGE if the sandbox needs the path. */
int hide_build(struct builder *b, const struct opts_path *o, const struct fact_option_path *n,
               struct err *e);

/* Returns the path of an empty file of the session, which is to be mounted over a hidden file,
 * and adds the file to the plan's copies if it is not there yet. */
const char *hide_empty_file(struct builder *b);

/* Hides the sockets of facts.live_sockets that the sandbox would see, and adds a warning that
 * names them (sockets.c). A socket that is itself the source of a mount stays. mounts_build()
 * calls it after paths_build(). A sandbox without namespaces needs nothing, because it has no
 * local sockets. ERR_REFUSED means that they are too many. */
int sockets_hide(struct builder *b, struct err *e);

/* Replaces each mount by what a remote engine can have, and fills in plan->remote (remote.c).
 * mounts_build() calls it for a remote engine only, when all mounts are in the plan, and before
 * it decides which directories init makes. */
void remote_build(struct builder *b);

/* Paths that a remote engine has too, by another name (path_map.c). */

/* Returns the path by which the engine has this file, socket or directory of this machine, or
 * NULL if it does not have it. If several path maps contain the path, the longest one applies.
 * Sets *read_only to true if the sandbox must not write to it, and leaves it unchanged
 * otherwise. */
const char *path_map_find(const struct builder *b, const char *path, bool *read_only);

/* Returns true if path_map_find() finds the path. */
bool path_map_see(const struct builder *b, const char *path);

/* Completes the mount m, which shows the directory `source` of this machine. If another file
 * system is mounted below `source`, the engine's machine has it at another path, and m does not
 * show it there. Adds a mount for each such path map, unless one of the first `count` mounts of
 * the plan covers its target. m must not be in the plan, because the new mounts can move
 * those. */
void path_map_inner(struct builder *b, const struct plan_mount *m, const char *source,
                    size_t count);

/* The paths that are not shared (unshared.c). */

/* Returns true if `physical`, to which the path `what` of the host leads, must not be used,
 * because it is in a tree that an agent could write, or the way to it leads through one, and it
 * is not pinned. Then also adds `what` to plan.unshared. */
bool unshared_note(struct builder *b, const char *physical, const char *what);

/* Adds one warning about all paths of plan.unshared, so that the user decides about them at
 * once. More paths than a message can name take several warnings. */
void unshared_warn(struct builder *b);

/* The trust in the project (plan_trust.c). */

/* Decides whether the session leaves out what the user has not trusted. */
void trust_build(struct builder *b);

/* If it does, adds one line to the warnings that names everything that is left out. To be
 * called when the paths that --deny hides are known. */
void trust_warn(struct builder *b);

/* Adds arguments for claude: those that keep it from reading settings and servers of the
 * project, if the session leaves these out, and an argument that keeps settings of the project
 * from switching on claude's own sandbox. An option that the user gives claude is not added. */
void trust_claude_args(struct builder *b);

/* Returns whether a directory of --add-dir, given by its physical path, is passed on to claude.
 * It is not if the session leaves out files of it: claude 2.1 obeys the plugins in its settings
 * in spite of --setting-sources. */
bool trust_passes_dir(struct builder *b, const char *dir);

/* Adds the variables with which claude runs no scheduled tasks and no workflows of the project,
 * if the session leaves those out: --setting-sources does not keep claude 2.1 from reading
 * them. */
void trust_claude_env(struct builder *b);

/* The environment (variables.c). */

/* Adds a variable with a value that is not secret, or replaces the variable of that name. The
 * strings are not copied. */
void env_fixed(struct builder *b, const char *name, const char *value);

/* Decides on the whole environment, sorted by name. The variables that mounts_build() has added
 * with env_fixed() override the defaults, the project's .env and the host's variables; the
 * user's identity and --env override them. */
void env_build(struct builder *b);

#endif
