/* SPDX-License-Identifier: MIT */
/* One run at a time over a tree, at either end: who comes second waits a while, because an earlier run whose line was cut
 * may not have noticed yet. flock(2). */
#ifndef SYNC_LOCK_H
#define SYNC_LOCK_H

#include <stdint.h>

#include "base/err.h"

/* One try, and a short pause where somebody else has it. The descriptor that holds the lock; -1 otherwise: *e untouched
 * where it may be tried again, ERR_TIMEOUT past the deadline (clock_ms()), or what else is wrong. */
int lock_try(const char *path, int64_t deadline_ms, struct err *e);

#endif
