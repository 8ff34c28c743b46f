/* SPDX-License-Identifier: MIT */
/* TCP connections by name: the addresses that the system's resolver gives, IPv6 and IPv4, in
 * its order. */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <stdint.h>

#include "base/err.h"
#include "net/conn.h"

/* Connects to host (a name, or an address without brackets). Each address gets its share of the
 * time to the deadline, so that one that does not answer leaves some for the next. The name is
 * looked up in a child process, since libc's resolver heeds neither deadlines nor signals.
 * ERR_NOT_FOUND: no such host; ERR_SYS, ERR_TIMEOUT, ERR_CANCELED. On failure c stays closed.
 * getaddrinfo(3), tcp(7) */
int conn_tcp(struct conn *c, const char *host, uint16_t port, const struct net_wait *w,
             struct err *e);

/* Where the other side, or the way to it, vanishes without a word, the connection is over
 * within KEEP_ALIVE_MS. tcp(7) */
enum { KEEP_ALIVE_MS = 20000 };
void conn_keep_alive(const struct conn *c);

#endif
