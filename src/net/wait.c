/* SPDX-License-Identifier: MIT */
#include "net/wait.h"

#include "base/clock.h"
#include "base/sig.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>

/* -1 where a signal asks us to stop. */
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
            (void)raise(SIGSTOP);
            break;
        default:
            break;
        }
    }
    return 0;
}

int net_wait(const struct net_wait *w, int fd, short events, struct err *e)
{
    struct pollfd fds[2] = {
        {.fd = fd, .events = events},
        {.fd = w->sig != NULL ? w->sig->fd : -1, .events = POLLIN},
    };

    for (;;) {
        int n = poll(fds, 2, clock_poll_timeout(w->deadline_ms));

        if (n < 0 && errno != EINTR) {
            return err_sys(e, "poll");
        }
        if (n > 0 && fds[1].revents != 0 && take_signals(w->sig, e) < 0) {
            return -1;
        }
        if (n > 0 && fds[0].revents != 0) {
            return 0;
        }
        if (n == 0 && w->deadline_ms >= 0 && clock_ms() >= w->deadline_ms) {
            return err_set(e, ERR_TIMEOUT, "no answer in time");
        }
    }
}
