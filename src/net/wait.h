/* SPDX-License-Identifier: MIT */
/* How long a blocking step may last, and what may end it early. Every wait in net goes through
 * here: nothing hangs on a silent engine, and Ctrl-C works at any moment. */
#ifndef NET_WAIT_H
#define NET_WAIT_H

#include <stdint.h>

#include "base/err.h"

struct sig;

struct net_wait {
    int64_t deadline_ms; /* absolute, clock_ms(); negative: none */
    struct sig *sig;     /* signals end the wait; NULL: they don't */
};

/* Waits until `fd` has one of `events` (or an error or hang-up, which the next read or write
 * will tell). 0; -1 with ERR_TIMEOUT, or ERR_CANCELED whose code is the signal: INT, TERM, HUP
 * or QUIT (TSTP stops us here and now, others are dropped: the caller asks for sizes afresh
 * anyway). */
int net_wait(const struct net_wait *w, int fd, short events, struct err *e);

/* The same for several descriptors, at most NET_POLL_MAX (-1 ones are passed over): returns
 * when poll(2) has something of them, or after timeout_ms (-1: only the deadline counts). */
struct pollfd;
enum { NET_POLL_MAX = 8 };
int net_poll(const struct net_wait *w, struct pollfd *fds, unsigned count, int timeout_ms,
             struct err *e);

#endif
