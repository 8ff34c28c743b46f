/* SPDX-License-Identifier: MIT */
/* The time zone of this machine. */
#ifndef HOST_TIMEZONE_H
#define HOST_TIMEZONE_H

#include "base/arena.h"

/* Returns, in the arena, the name of the zone, such as "Europe/Berlin": `tz` (the variable TZ,
 * or NULL) if it is a name, else the content of /etc/timezone, else the target of
 * /etc/localtime. Returns NULL if none of them is the name of a zone. */
const char *timezone_name(struct arena *a, const char *tz);

#endif
