/* SPDX-License-Identifier: MIT */
/* Recognizes values of variables that name a server on this machine's localhost. Pure. */
#ifndef WIRE_LOOPBACK_H
#define WIRE_LOOPBACK_H

#include <stdbool.h>

#include "base/str.h"

/* Returns true if `value` is the address of a server on localhost: "SCHEME://HOST", with a
 * user, a port and a path if there are any, or "HOST:PORT". HOST is what url_is_loopback()
 * accepts, in any case, or a name below "localhost". */
bool loopback_is_address(struct str value);

#endif
