/* SPDX-License-Identifier: MIT */
#include "net/wait.h"

#include "base/clock.h"
#include "base/sig.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads all pending signals. Returns -1 if any of these signals asks cco to stop, otherwise 0.
 */
static int take_signals(struct sig *sig, struct err *e)
{
    int signo;

    while ((signo = sig_next(sig)) != 0) {
        switch (signo) {
        case SIGINT:
        case SIGTERM:
        case SIGHUP:
        case SIGQUIT:
            (void)err_set(e, ERR_CANCELED, "stopped by signal %s", sig_name(signo));
            e->code = signo;
            return -1;
        case SIGTSTP:
            sig_stop(false);
            break;
        default:
            break;
        }
    }
    return 0;
}

int net_poll(const struct net_wait *w, struct pollfd *fds, unsigned count, int timeout_ms,
             struct err *e)
{
    struct pollfd all[NET_POLL_MAX + 1];

    for (unsigned i = 0; i < count && i < NET_POLL_MAX; i++) {
        all[i] = fds[i];
    }
    all[count] = (struct pollfd){.fd = w->sig != NULL ? w->sig->fd : -1, .events = POLLIN};
    for (;;) {
        int left = clock_poll_timeout(w->deadline_ms);
        bool ours = timeout_ms >= 0 && (left < 0 || timeout_ms < left);
        int n = poll(all, count + 1, ours ? timeout_ms : left);
        bool any = false;

        if (n < 0 && errno != EINTR) {
            return err_sys(e, "poll");
        }
        if (n > 0 && all[count].revents != 0 && take_signals(w->sig, e) < 0) {
            return -1;
        }
        for (unsigned i = 0; n >= 0 && i < count; i++) {
            fds[i].revents = all[i].revents;
            any = any || all[i].revents != 0;
        }
        if (any || (n == 0 && ours)) {
            return 0;
        }
        if (n == 0 && w->deadline_ms >= 0 && clock_ms() >= w->deadline_ms) {
            return err_set(e, ERR_TIMEOUT, "no answer in time");
        }
    }
}

int net_wait(const struct net_wait *w, int fd, short events, struct err *e)
{
    struct pollfd one = {.fd = fd, .events = events};

    return net_poll(w, &one, 1, -1, e);
}
