/* SPDX-License-Identifier: MIT */
/* Removes the host's arguments and environment from a process that was forked but not executed:
 * other processes of its pid namespace could read both in /proc. */
#ifndef NATIVE_SCRUB_H
#define NATIVE_SCRUB_H

#include "base/err.h"

/* Overwrites this process's arguments with `name`, cut to the room that they had, and empties
 * its environment. Pointers into either are invalid afterwards. Returns 0 on success and -1 on
 * error. proc_pid_stat(5), fields 48 to 51. */
int scrub(const char *name, struct err *e);

#endif
