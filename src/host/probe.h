/* SPDX-License-Identifier: MIT */
/* Fills the facts of this machine: environment, user, project, git layout, terminal,
 * directories, time zone, CAs, claude's state. It only reads. Nothing in the current directory
 * is trusted: a project's files are data, and a link in them is never followed in order to
 * mount something. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/opts.h"

/* Fills *f except login, image and engine. `env` is the environment as main got it. HOME comes
 * from the environment, else from /etc/passwd. Strings live in the arena. Returns 0 on success
 * and -1 on error: ERR_NOT_FOUND with a hint if there is no home or no current directory. */
int host_probe(char *const *env, struct arena *a, struct facts *f, struct err *e);

/* Fills f->native: the facts for a sandbox that uses this machine's own files. To be called
 * after host_probe(). */
void host_native(char *const *env, struct arena *a, struct facts *f);

/* Fills n->hidden: the files of /etc that this user can read now and not everybody can. Only
 * for root, if /etc is not id-mapped, and for users with supplementary groups, because a
 * sandbox keeps the rights of the groups; does nothing for others. */
void host_native_hide(struct arena *a, struct fact_native *n);

/* Fills f->option_paths: what each of o->paths resolves to. To be called after host_probe(). */
void host_option_paths(const struct opts *o, struct arena *a, struct facts *f);

/* Adds the text of the project's .env to out. Returns 0 on success and -1 on error:
 * ERR_NOT_FOUND if there is none, and ERR_REFUSED if it is not a regular file, because a link
 * could lead to the secrets of another project. */
int host_dotenv(const char *project, struct buf *out, struct err *e);

#endif
