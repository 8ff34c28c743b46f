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
    l->tty = openat(AT_FDCWD, "/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (l->tty >= 0 && tcgetpgrp(l->tty) != getpgrp()) {
        fd_close(&l->tty); /* a process in the background must not read from its terminal */
    }
}

void login_release(struct login *l)
{
    fd_close(&l->tty);
    buf_release(&l->said);
}

/* Adds bytes to l->said, and drops older ones if the buffer is full. */
static void keep(struct login *l, const char *p, size_t len)
{
    if (len > buf_room(&l->said)) {
        size_t drop = len - buf_room(&l->said);

        buf_drop(&l->said, drop < l->said.len ? drop : l->said.len);
    }
    (void)buf_add(&l->said, p, len); /* READ_SIZE is less than the buffer's maximum */
}

/* Writes ssh's output to the user's terminal, if there is one. Errors are ignored. */
static void show(const struct login *l, const char *p, size_t len)
{
    struct err ignored = {0}; /* the terminal may have been closed */

    if (l->tty >= 0) {
        (void)fd_write_all(l->tty, p, len, &ignored);
    }
}

/* Reads once from ssh's terminal. Returns whether there was anything to read. */
static bool hear(struct login *l, bool shown)
{
    char bytes[READ_SIZE];
    ssize_t got = fd_read(l->master, bytes, sizeof(bytes));

    if (got <= 0) {
        return false; /* EIO means that ssh has ended */
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

/* Returns whether ssh asks the user something: its output does not end with a newline. */
static bool asks(const struct login *l)
{
    return l->tty >= 0 && l->said.len > 0 && buf_data(&l->said)[l->said.len - 1] != '\n';
}

static int canceled(int signo, struct err *e)
{
    (void)err_set(e, ERR_CANCELED, "canceled during the login of ssh");
    e->code = signo;
    return -1;
}

/* Passes what the user typed to ssh. The terminal is in raw mode, in which Ctrl-C is a byte. */
static int pass_typed(struct login *l, struct err *e)
{
    char bytes[READ_SIZE];
    ssize_t got = fd_read(l->tty, bytes, sizeof(bytes));
    struct err ignored = {0}; /* if ssh has ended, waitpid(2) reports it */
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

/* Waits for output of ssh or a key of the user, and passes it on. */
static int turn(struct login *l, const struct net_wait *w, bool asking, struct err *e)
{
    struct net_wait now = {.deadline_ms = asking ? -1 : w->deadline_ms, .sig = w->sig};
    struct pollfd fds[2] = {{.fd = l->master, .events = POLLIN},
                            {.fd = asking ? l->tty : -1, .events = POLLIN}};

    if (net_poll(&now, fds, 2, TICK_MS, e) < 0) {
        return -1;
    }
    if (fds[0].revents != 0 && !hear(l, true)) {
        (void)poll(NULL, 0, TICK_MS); /* ssh closed its terminal; its status follows */
    }
    return fds[1].revents != 0 ? pass_typed(l, e) : 0;
}

static int has_ended(struct login *l, struct err *e)
{
    l->ended = true;
    while (hear(l, true)) {
    }
    return err_set(e, ERR_ENGINE, "ssh ended before it had logged in");
}

/* No other code of this process has the terminal in raw mode meanwhile, because engines are
 * opened before the relay runs. */
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
            w->deadline_ms = clock_ms() + left; /* the time of the question does not count */
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
