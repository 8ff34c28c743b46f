/* SPDX-License-Identifier: MIT */
/* Fills the facts of this machine: environment, user, project, git layout, terminal, directories, time
 * zone, CAs, claude's state. Reads only; writes nothing. Nothing in the current directory is
 * trusted: a project's files are data, links in them are never followed to mount something. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"
#include "plan/opts.h"

/* `env` as main got it. HOME from the environment, else from /etc/passwd by uid (any size of file,
 * no libc lookup); ERR_NOT_FOUND with a hint where there is none. cwd must exist. Everything of
 * facts but login, image and engine is filled; exe_digest too. */
int host_probe(char *const *env, struct arena *a, struct facts *f, struct err *e);

/* What a sandbox out of this machine's own files needs to know of them: f->native. host_probe() comes first. */
void host_native(char *const *env, struct arena *a, struct facts *f);

/* What we may read in /etc, at this moment, and not everybody: n->hidden. For root, where /etc is not masked, and for who is in
 * groups, whose rights go along into a sandbox; for others nothing is done. */
void host_native_hide(struct arena *a, struct fact_native *n);

/* What o->paths lead to: f->named. host_probe() comes first. */
void host_option_paths(const struct opts *o, struct arena *a, struct facts *f);

/* The text of the project's .env, added to out. It must be a regular file: a link is ERR_REFUSED, since
 * it could lead to another project's secrets. ERR_NOT_FOUND where there is none. */
int host_dotenv(const char *project, struct buf *out, struct err *e);

#endif
