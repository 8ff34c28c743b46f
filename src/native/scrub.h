/* SPDX-License-Identifier: MIT */
/* A process that was not executed shows everybody in its pid namespace the arguments of the one it came from, and holds its
 * environment. */
#ifndef NATIVE_SCRUB_H
#define NATIVE_SCRUB_H

#include "base/err.h"

/* Overwrites this process's arguments, which are `name` afterwards as far as there is room, and its environment, which is
 * empty then. No pointer into either may be used any more. proc_pid_stat(5), fields 48 to 51. */
int scrub(const char *name, struct err *e);

#endif
