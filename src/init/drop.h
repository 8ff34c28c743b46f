/* SPDX-License-Identifier: MIT */
/* Giving up every privilege, for good (capabilities(7), prctl(2)). */
#ifndef INIT_DROP_H
#define INIT_DROP_H

#include "base/err.h"
#include "wire/boot.h"

/* Empties the bounding and ambient sets, sets no_new_privs (unless b->keep_root), the groups, gid and
 * uid of the user, then empties the permitted, effective and inheritable sets also for uid 0, and makes
 * sure that none of it is left. Runs in the child between fork and exec; never gives the session or
 * the controlling terminal up. Any failure must end the child: it must not run the command. */
int drop_privileges(const struct boot *b, struct err *e);

#endif
