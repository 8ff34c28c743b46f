/* SPDX-License-Identifier: MIT */
/* Removes the host's arguments and environment from a process that was forked but did not
 * execute another program: processes of its pid namespace could read both in /proc. */
#ifndef NATIVE_SCRUB_H
#define NATIVE_SCRUB_H

#include "base/err.h"

/* Overwrites the calling process's arguments with `name`, cut to the length that they and the
 * environment had, and wipes its environment. Sets the name of the thread as well, to `name`
 * without a leading '/'. Pointers into argv or environ are invalid afterwards. Returns 0 on
 * success and -1 on error; nothing is changed then. proc_pid_stat(5), fields 48 to 51. */
int scrub(const char *name, struct err *e);

#endif
