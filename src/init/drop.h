/* SPDX-License-Identifier: MIT */
/* Gives up every privilege, so that it cannot be regained (capabilities(7), prctl(2)). */
#ifndef INIT_DROP_H
#define INIT_DROP_H

#include <stdint.h>

#include "base/err.h"
#include "wire/boot.h"

/* Makes the calling process an ordinary process of the user. It runs in the child between fork
 * and exec, and keeps the session and the controlling terminal. In this order, it:
 *
 * 1. limits core files to 1 byte if b->single, so that the kernel does not start a program of
 *    the machine after a crash (core(5));
 * 2. empties the bounding set. With b->landlock_only and without CAP_SETPCAP it cannot, and
 *    does not need to, because of no_new_privs;
 * 3. empties the ambient set and sets no_new_privs;
 * 4. sets the supplementary groups (the gid and b->groups, of which more than LIMIT_GROUPS are
 *    ignored), the
 *    gid and the uid. Skipped if b->single, because the sandbox has no other IDs;
 * 5. empties the permitted, effective and inheritable sets, also for uid 0;
 * 6. checks that no capability is left, and that the IDs and no_new_privs are set.
 *
 * With b->keep_root it does only 1 and 4. Returns 0 on success. Returns -1 on error, after
 * which the child must not run the command: ERR_REFUSED if a check fails, ERR_FORMAT if a group
 * is not a number, ERR_SYS if a system call fails. */
int drop_privileges(const struct boot *b, struct err *e);

/* Gives up all capabilities of the calling process except those in `keep`, which has the bit
 * 1 << CAP_NUMBER for each. For the helpers that an engine executes in a sandbox: first makes
 * the process non-dumpable, so that no other process of the sandbox can trace it afterwards.
 * Returns 0 on success and -1 on error (ERR_SYS). */
int drop_all_but(uint32_t keep, struct err *e);

#endif
