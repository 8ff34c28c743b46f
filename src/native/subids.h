/* SPDX-License-Identifier: MIT */
/* The id maps of --subids. With them the sandbox has, besides the user's own ids, the ranges of
 * ids that /etc/subuid and /etc/subgid give to the user. Each id is mapped to itself. Only
 * newuidmap(1) and newgidmap(1) may write such maps. cco runs them outside of the sandbox,
 * while the sandbox's first process waits. subuid(5), user_namespaces(7). */
#ifndef NATIVE_SUBIDS_H
#define NATIVE_SUBIDS_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* Finds newuidmap and newgidmap, and the ranges of the user f->user with the ids f->uid and
 * f->gid. Writes both into f->native: a missing program is NULL, and without ranges a count is
 * 0. A range that contains the user's own id is left out, because that id is mapped already. At
 * most 32 ranges of each file are used. Looks below `root`, which is "" except in tests, and
 * not in PATH. Strings and ranges live in the arena. */
void subids_find(const char *root, struct arena *a, struct facts *f);

/* Disables setgroups(2), as ns_map_self() does, and waits until subids_write() has had the maps
 * written. To be called in the sandbox's first process, in its new user namespace; the process
 * must be dumpable (PR_SET_DUMPABLE). `line` is its end of a socket pair. Returns 0 once the
 * maps are written, and -1 on error: ERR_EOF if the other end was closed. Blocks until then. */
int subids_await(int line, struct err *e);

/* Waits until the process `pid` calls subids_await(), has its maps written as p->native.facts
 * says, and lets it continue. To be called outside of the sandbox; `line` is the other end of
 * the socket pair. Returns 0 on success, and also if `pid` has ended, because that process
 * reports its own error. Returns -1 on error: ERR_REFUSED with a hint if one of the programs
 * refuses the maps. Blocks until `pid` waits, and for ten seconds at most for each program
 * (ERR_TIMEOUT); signals end it (ERR_CANCELED). */
int subids_write(const struct plan *p, pid_t pid, int line, struct sig *sig, struct err *e);

#endif
