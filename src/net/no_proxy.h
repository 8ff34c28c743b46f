/* SPDX-License-Identifier: MIT */
/* The list of hosts that are reached without a proxy: the variable NO_PROXY. */
#ifndef NET_NO_PROXY_H
#define NET_NO_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Returns true if the list names the host, which is in lower case and without brackets. Commas
 * or blanks separate the entries, in which upper and lower case are equal. "*" names every
 * host. A name, with or without a leading "." or "*.", names that host and all hosts below it.
 * An address names itself if both are spelled alike, and a network such as "10.0.0.0/8" or
 * "fd00::/8" names its addresses. ":PORT" restricts a name or an address to that port. Pure. */
bool no_proxy_names(struct str list, const char *host, uint16_t port);

#endif
