/* SPDX-License-Identifier: MIT */
/* Waiting with a deadline that a signal can end. Every wait in net uses these functions, so
 * that cco never hangs if a server is silent, and Ctrl-C always works. */
#ifndef NET_WAIT_H
#define NET_WAIT_H

#include <stdint.h>

#include "base/err.h"

struct sig;

struct net_wait {
    int64_t deadline_ms; /* a time of clock_ms(); negative: no deadline */
    struct sig *sig;     /* its signals end the wait; borrowed; NULL: no signal does */
};

/* Waits until poll(2) reports one of `events`, an error or a hang-up for `fd`; the next read or
 * write returns the error. Returns 0 then, and -1 on error. ERR_TIMEOUT means that the deadline
 * passed. ERR_CANCELED means that INT, TERM, HUP or QUIT arrived; the number is in e->code.
 * ERR_SYS means that poll(2) failed.
 * SIGTSTP stops this process, and the wait goes on after SIGCONT. Other signals are read and
 * discarded. That includes WINCH, so the caller must get the size of a terminal afterwards. */
int net_wait(const struct net_wait *w, int fd, short events, struct err *e);

/* Like net_wait() for `count` descriptors, at most NET_POLL_MAX; those that are -1 are ignored.
 * Returns 0 when poll(2) reports something for one of them, which is then in its `revents`, or
 * after timeout_ms, with no `revents` set. A timeout_ms of -1 waits until the deadline. */
struct pollfd;
enum { NET_POLL_MAX = 8 };
int net_poll(const struct net_wait *w, struct pollfd *fds, unsigned count, int timeout_ms,
             struct err *e);

#endif
