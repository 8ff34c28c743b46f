/* SPDX-License-Identifier: MIT */
/* How long a blocking step may last, and what may end it early. Every wait in net goes through here:
 * nothing hangs on a silent engine, and Ctrl-C works at any moment. */
#ifndef NET_WAIT_H
#define NET_WAIT_H

#include <stdint.h>

#include "base/err.h"

struct sig;

struct net_wait {
    int64_t deadline_ms; /* absolute, clock_ms(); negative: none */
    struct sig *sig;     /* signals end the wait; NULL: they don't */
};

/* Waits until `fd` has one of `events` (or an error or hang-up, which the next read or write will
 * tell). 0; -1 with ERR_TIMEOUT, or ERR_CANCELED whose code is the signal: INT, TERM, HUP or QUIT
 * (TSTP stops us here and now, others are dropped: the caller asks for sizes afresh anyway). */
int net_wait(const struct net_wait *w, int fd, short events, struct err *e);

#endif
