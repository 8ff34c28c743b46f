/* SPDX-License-Identifier: MIT */
/* Resource limits (getrlimit(2)) as text: "NAME SOFT HARD". NAME is the name of the kernel's
 * constant in lower case without RLIMIT_ ("nofile"), and a value is a decimal number or
 * "unlimited". */
#ifndef BASE_RLIMITS_H
#define BASE_RLIMITS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"

/* Appends the calling process's limits to `out`, in a fixed order. Leaves out the limits of
 * scheduling, signals and message queues, which programs rarely meet. Strings are in the arena.
 * Never blocks. */
void rlimits_read(struct strv *out, struct arena *a);

/* Sets one limit of the calling process. A value that is above the present hard limit is
 * replaced by that limit, so that this needs no privilege. Returns 0 on success. Returns -1 and
 * changes nothing on error: ERR_FORMAT if `text` has another form or an unknown name, ERR_SYS
 * if a system call fails. */
int rlimits_set(const char *text, struct err *e);

#endif
