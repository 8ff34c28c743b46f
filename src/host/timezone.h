/* SPDX-License-Identifier: MIT */
/* The time zone of this machine. */
#ifndef HOST_TIMEZONE_H
#define HOST_TIMEZONE_H

#include "base/arena.h"

/* Returns the name of the time zone, such as "Europe/Berlin", in the arena. It is `tz` (the
 * value of the variable TZ, or NULL), without a leading ':', if that is a name; otherwise the
 * content of /etc/timezone; otherwise it is taken from the target of /etc/localtime. Returns
 * NULL if these have no name. */
const char *timezone_name(struct arena *a, const char *tz);

#endif
