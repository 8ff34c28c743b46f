/* SPDX-License-Identifier: MIT */
/* --subids: besides the user's own number those ranges that /etc/subuid and /etc/subgid give to the user keep theirs inside.
 * Only newuidmap(1) and newgidmap(1) may write such maps, from outside and while the sandbox's first process waits.
 * subuid(5), user_namespaces(7). */
#ifndef NATIVE_SUBIDS_H
#define NATIVE_SUBIDS_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* What there is for the user of `f`, in f->native. Files are those below `root`: "" but in tests. */
void subids_find(const char *root, struct arena *a, struct facts *f);

/* In the new user namespace: gives setgroups(2) up, as with a single number, and waits on its end of a socket for the maps.
 * The process must be one that others of the user may look into. */
int subids_await(int line, struct err *e);

/* Outside: has the maps written once `pid` waits at the other end of `line`, and tells it. That `pid` has ended, which it
 * reports itself, is no error. */
int subids_write(const struct plan *p, pid_t pid, int line, struct sig *sig, struct err *e);

#endif
