/* SPDX-License-Identifier: MIT */
/* Giving up every privilege, for good (capabilities(7), prctl(2)). */
#ifndef INIT_DROP_H
#define INIT_DROP_H

#include "base/err.h"
#include "wire/boot.h"

/* Empties the bounding and ambient sets, sets no_new_privs, sets the groups, gid and uid of the
 * user, empties the permitted, effective and inheritable sets also for uid 0, and checks that
 * no capability is left. With b->keep_root it only sets the ids. Runs in the child between fork
 * and exec, and keeps the session and the controlling terminal. Returns 0 on success and -1 on
 * error; after an error the child must not run the command. */
int drop_privileges(const struct boot *b, struct err *e);

#endif
