/* SPDX-License-Identifier: MIT */
/* The id maps of --subids: besides the user's own ids, the ranges that /etc/subuid and
 * /etc/subgid give to the user exist in the sandbox, each id as itself. Only newuidmap(1) and
 * newgidmap(1) may write such maps; they do so from outside, while the sandbox's first process
 * waits. subuid(5), user_namespaces(7). */
#ifndef NATIVE_SUBIDS_H
#define NATIVE_SUBIDS_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* Finds the two programs and the ranges of the user of `f`, and writes them into f->native.
 * Reads below `root`, which is "" except in tests. */
void subids_find(const char *root, struct arena *a, struct facts *f);

/* To be called in the new user namespace: disables setgroups(2), as ns_map_self() does, and
 * waits on `line`, its end of a socket, until the maps are written. The process must be
 * dumpable. Returns 0 on success and -1 on error. */
int subids_await(int line, struct err *e);

/* To be called outside: waits until `pid` waits at the other end of `line`, has the maps
 * written, and wakes it. Returns 0 on success, and also if `pid` has ended, because it reports
 * its own error; -1 on error. */
int subids_write(const struct plan *p, pid_t pid, int line, struct sig *sig, struct err *e);

#endif
