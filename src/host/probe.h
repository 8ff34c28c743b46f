/* SPDX-License-Identifier: MIT */
/* Finds out the facts of this machine: environment, user, project, git layout, terminal,
 * directories, time zone, certificates, and claude's files. It only reads. Nothing in the
 * current directory is trusted: the files of a project are data, and a link in the project is
 * never followed to something that will be mounted.
 *
 * All functions block only as file systems do. The strings of the facts live in the arena, are
 * static, or are parts of the environment. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/opts.h"

/* Fills *f, which must be {0} before, except for its members `login`, `native`,
 * `option_paths`, `live_sockets` and those of image and engine. `env` is the environment as
 * main got it, and must live as long as the facts. The home is $HOME, or that of /etc/passwd if
 * HOME is not an absolute path. A file that does not exist is a fact and not an error; facts
 * that the user should know of are added to f->warnings.
 *
 * The project is the top level of the git work tree that contains the current directory. It is
 * the current directory itself with `here` (--here), or if the top level cannot be a project;
 * f->git_top and f->git_top_why then name it and the reason.
 *
 * Returns 0 on success. Returns -1 on error, with a hint if the user can do something:
 * ERR_NOT_FOUND if there is no home directory or if the current directory cannot be reached,
 * ERR_REFUSED if the home directory is "/", ERR_SYS if the current directory was removed or the
 * program's own file cannot be read. After an error, *f is partly filled. */
int host_probe(char *const *env, bool here, struct arena *a, struct facts *f, struct err *e);

/* Overwrites f->native with the facts for a sandbox that uses this machine's own files. Its
 * members about ids, hidden files, id-mapped directories and refused namespaces become 0; other
 * functions, such as host_native_hide() and subids_find(), fill them afterwards. To be called
 * after host_probe(). */
void host_native(char *const *env, struct arena *a, struct facts *f);

/* Fills the members of f->native about claude and the programs that it needs again, after cco
 * has fetched a claude. f->claude_pin must be set. */
void host_native_claude(char *const *env, struct arena *a, struct facts *f);

/* Fills f->native.hidden: the files and directories that this user can read now but not
 * everybody can, because they belong to root, to the user or to a group. The sandbox's user has
 * the same ids, and ordinary users cannot leave their groups. Examines all of /etc, and the
 * first NATIVE_HIDE_MAX entries of /opt and /usr/local, the upper directories first. The
 * project, the paths of options, claude and its interpreter, and the directories above them are
 * never hidden. To be called after host_native() and host_option_paths(). It is not needed if
 * these directories are id-mapped. */
enum { NATIVE_HIDE_MAX = 5000 };
void host_native_hide(struct arena *a, struct facts *f);

/* Fills f->option_paths: for each of o->paths, in their order, the file that it leads to. Then
 * fills f->live_sockets. To be called after host_probe(). */
void host_option_paths(const struct opts *o, struct arena *a, struct facts *f);

#endif
