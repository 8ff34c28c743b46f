/* SPDX-License-Identifier: MIT */
/* TCP connections to a host name: tries the addresses that the system's resolver returns, IPv6
 * and IPv4, in its order. */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <stdint.h>

#include "base/err.h"
#include "net/conn.h"

/* Connects c, which is closed, to `host`: a name, or an address without brackets. The time to
 * the deadline is divided among the addresses, so that an address that does not answer leaves
 * time for the next one; without a deadline, each attempt lasts as long as connect(2) takes. A
 * child process looks up the name, because libc's resolver obeys neither deadlines nor signals.
 * Returns 0 on success and -1 on error; c is then still closed. ERR_NOT_FOUND means that the
 * name could not be resolved, ERR_EOF that the child process was killed. The other errors,
 * ERR_SYS, ERR_TIMEOUT and ERR_CANCELED, are those of the lookup or of the last address. Blocks
 * until the deadline at most. getaddrinfo(3), tcp(7). */
int conn_tcp(struct conn *c, const char *host, uint16_t port, const struct net_wait *w,
             struct err *e);

/* Makes the kernel end the connection with an error within KEEP_ALIVE_MS if the peer or the
 * network on the way to it disappears without closing it. Errors are ignored. tcp(7). */
enum { KEEP_ALIVE_MS = 20000 };
void conn_keep_alive(const struct conn *c);

#endif
