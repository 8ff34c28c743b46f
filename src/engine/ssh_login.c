/* SPDX-License-Identifier: MIT */
#include "engine/ssh_login.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/secret.h"
#include "term/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_MS = 5, READ_SIZE = 1024, CTRL_C = 3 };

void login_init(struct login *l)
{
    *l = (struct login){.tty = -1, .master = -1, .pid = -1};
    buf_init(&l->said, LOGIN_SAID_MAX);
    l->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (l->tty >= 0 && tcgetpgrp(l->tty) != getpgrp()) {
        fd_close(&l->tty); /* in the background nobody can be asked */
    }
}

void login_release(struct login *l)
{
    fd_close(&l->tty);
    buf_release(&l->said);
}

static void keep(struct login *l, const char *p, size_t len)
{
    if (len > buf_room(&l->said)) {
        size_t drop = len - buf_room(&l->said);

        buf_drop(&l->said, drop < l->said.len ? drop : l->said.len);
    }
    (void)buf_add(&l->said, p, len); /* reads are smaller than it is */
}

/* Without a terminal it is for the error's text, if there is one. */
static void show(const struct login *l, const char *p, size_t len)
{
    struct err ignored = {0}; /* it may be gone */

    if (l->tty >= 0) {
        (void)fd_write_all(l->tty, p, len, &ignored);
    }
}

/* One read. True where something came. */
static bool hear(struct login *l, bool shown)
{
    char bytes[READ_SIZE];
    ssize_t got = fd_read(l->master, bytes, sizeof(bytes));

    if (got <= 0) {
        return false; /* EIO: it has ended */
    }
    keep(l, bytes, (size_t)got);
    if (shown) {
        show(l, bytes, (size_t)got);
    }
    return true;
}

void login_hear(struct login *l)
{
    while (hear(l, false)) {
    }
}

/* A line that does not end asks something. */
static bool asks(const struct login *l)
{
    return l->tty >= 0 && l->said.len > 0 && buf_data(&l->said)[l->said.len - 1] != '\n';
}

static int canceled(int signo, struct err *e)
{
    (void)err_set(e, ERR_CANCELED, "stopped at the login");
    e->code = signo;
    return -1;
}

/* The user's answer. In raw mode Ctrl-C is a byte. */
static int pass_typed(struct login *l, struct err *e)
{
    char bytes[READ_SIZE];
    ssize_t got = fd_read(l->tty, bytes, sizeof(bytes));
    struct err ignored = {0}; /* its end is seen by its status */
    int rc = 0;

    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        return canceled(SIGHUP, e);
    }
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == CTRL_C) {
            rc = canceled(SIGINT, e);
        }
    }
    if (got > 0 && rc == 0) {
        (void)fd_write_all(l->master, bytes, (size_t)got, &ignored);
    }
    secret_wipe(bytes, sizeof(bytes));
    return rc;
}

static int turn(struct login *l, const struct net_wait *w, bool asking, struct err *e)
{
    struct net_wait now = {.deadline_ms = asking ? -1 : w->deadline_ms, .sig = w->sig};
    struct pollfd fds[2] = {{.fd = l->master, .events = POLLIN},
                            {.fd = asking ? l->tty : -1, .events = POLLIN}};

    if (net_poll(&now, fds, 2, TICK_MS, e) < 0) {
        return -1;
    }
    if (fds[0].revents != 0 && !hear(l, true)) {
        (void)poll(NULL, 0, TICK_MS); /* hung up: its status comes next */
    }
    return fds[1].revents != 0 ? pass_typed(l, e) : 0;
}

static int has_ended(struct login *l, struct err *e)
{
    l->ended = true;
    while (hear(l, true)) {
    }
    return err_set(e, ERR_ENGINE, "ssh gave up");
}

/* Nobody else has the terminal raw at that time: engines are opened before anything is relayed.
 */
static int await(struct login *l, struct net_wait *w, struct err *e)
{
    int64_t left = w->deadline_ms < 0 ? 0 : w->deadline_ms - clock_ms();

    for (;;) {
        bool asking = asks(l);
        pid_t got = waitpid(l->pid, &l->status, WNOHANG);

        if (got == l->pid || (got < 0 && errno != EINTR)) {
            return has_ended(l, e);
        }
        if (file_exists(l->socket)) {
            return 0;
        }
        if (!asking) {
            tty_raw_restore(); /* so that Ctrl-C is a signal again */
        } else if (!tty_raw_is_active() && tty_raw_enter(l->tty, e) < 0) {
            return -1;
        }
        if (turn(l, w, asking, e) < 0) {
            return -1;
        }
        if (asking && w->deadline_ms >= 0) {
            w->deadline_ms = clock_ms() + left; /* anew, once it is answered */
        }
    }
}

int login_await(struct login *l, const struct net_wait *w, struct err *e)
{
    struct net_wait own = *w;
    int rc = await(l, &own, e);

    tty_raw_restore();
    if (rc < 0 && e->kind == ERR_CANCELED && asks(l)) {
        show(l, "\r\n", 2);
    }
    return rc;
}
