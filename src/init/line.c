/* SPDX-License-Identifier: MIT */
#include "init/line.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 32 << 10, ADOPT_MS = 10000 };

void line_init(struct line *l)
{
    *l = (struct line){.in = -1, .out = -1, .agent = -1};
    buf_init(&l->rx, LIMIT_RELAY_BUFFER);
    buf_init(&l->tx, LIMIT_RELAY_BUFFER);
}

void line_close(struct line *l)
{
    if (l->in == l->out) {
        l->in = -1;
    }
    fd_close(&l->in);
    fd_close(&l->out);
    fd_close(&l->agent);
    buf_wipe(&l->rx);
    buf_wipe(&l->tx);
    line_init(l);
}

/* Reads a socket to cco, which may pass descriptors. The first is the connection to the ssh
 * agent, if the command does not run yet; others are closed. */
static ssize_t read_socket(struct line *l, char *p, size_t room)
{
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    ssize_t got = unix_socket_recv(l->in, p, room, fds);

    if (l->agent < 0 && !l->passed) {
        l->agent = fds[0];
        fds[0] = -1;
    }
    for (int i = 0; i < UNIX_SOCKET_FDS_MAX; i++) {
        fd_close(&fds[i]);
    }
    return got;
}

bool line_read(struct line *l)
{
    size_t room = buf_room(&l->rx) < READ_SIZE ? buf_room(&l->rx) : (size_t)READ_SIZE;
    char *p = room > 0 ? buf_reserve(&l->rx, room) : NULL;
    ssize_t got = p == NULL     ? 0
                  : l->can_pass ? read_socket(l, p, room)
                                : fd_read(l->in, p, room);

    if (p == NULL) {
        return true; /* rx cannot be full of valid frames: frame_next() reports an error */
    }
    if (got > 0) {
        buf_commit(&l->rx, (size_t)got);
        return true;
    }
    return got < 0 && errno == EAGAIN;
}

bool line_write(struct line *l)
{
    ssize_t sent;

    if (l->tx.len == 0) {
        return true;
    }
    sent = fd_write(l->out, buf_data(&l->tx), l->tx.len);
    if (sent > 0) {
        buf_drop(&l->tx, (size_t)sent);
    }
    return sent >= 0 || errno == EAGAIN;
}

void line_drain(struct line *l, int timeout_ms)
{
    int64_t deadline = timeout_ms < 0 ? -1 : clock_ms() + timeout_ms;

    while (l->out >= 0 && l->tx.len > 0 && (deadline < 0 || clock_ms() < deadline)) {
        struct pollfd p = {.fd = l->out, .events = POLLOUT};

        if (poll(&p, 1, clock_poll_timeout(deadline)) > 0 && !line_write(l)) {
            return;
        }
    }
}

/* Waits for cco's greeting until the deadline (-1: without one), and takes the size from it.
 * The bytes behind it stay in rx. */
static int await_greeting(struct line *l, int64_t deadline, struct err *e)
{
    for (;;) {
        struct str in = buf_str(&l->rx);
        struct frame f = {0};
        enum frame_hello kind;
        struct str rest;
        int got = frame_next(&in, &f, e);
        struct pollfd p = {.fd = l->in, .events = POLLIN};

        if (got < 0) {
            return -1;
        }
        if (got == 1 && f.type == FRAME_AGENT && f.payload.len == 0) {
            buf_drop(&l->rx, l->rx.len - in.len); /* read_socket() has the descriptor */
            continue;
        }
        if (got == 1) {
            if (frame_hello(f, &kind, &rest, e) < 0 ||
                frame_size(rest, &l->rows, &l->cols, e) < 0) {
                return -1;
            }
            buf_drop(&l->rx, l->rx.len - in.len);
            return 0;
        }
        if (poll(&p, 1, clock_poll_timeout(deadline)) < 0 && errno != EINTR) {
            return err_sys(e, "poll");
        }
        if (deadline >= 0 && clock_ms() >= deadline) {
            return err_set(e, ERR_TIMEOUT, "cco does not answer");
        }
        if (p.revents != 0 && !line_read(l)) {
            return err_set(e, ERR_EOF, "cco went away before the command could start");
        }
    }
}

/* Sends init's greeting, and waits for cco's. */
static int greet(struct line *l, struct str secret, int64_t deadline, struct err *e)
{
    (void)frame_add_hello(&l->tx, FRAME_HELLO_INIT, secret); /* fits: tx is empty */
    while (l->tx.len > 0 && (deadline < 0 || clock_ms() < deadline)) {
        struct pollfd p = {.fd = l->out, .events = POLLOUT};

        (void)poll(&p, 1, clock_poll_timeout(deadline));
        if (!line_write(l)) {
            return err_set(e, ERR_EOF, "cco went away before the command could start");
        }
    }
    return await_greeting(l, deadline, e);
}

int line_adopt(struct line *l, int in, int out, struct err *e)
{
    l->in = in;
    l->out = out;
    l->can_pass = false;
    /* Only init and the engine, or the helper, share these open file descriptions, so their
     * flags may be changed. */
    if (fd_nonblock(in, e) < 0 || (out != in && fd_nonblock(out, e) < 0)) {
        return -1;
    }
    return greet(l, str_n(NULL, 0), clock_ms() + ADOPT_MS, e);
}

/* Moves standard input, which is a socket to cco, to another number, and puts /dev/null in its
 * place. The command then does not inherit the socket, and closing the returned descriptor
 * closes the line. Returns -1 on error. */
static int take_standard_input(struct err *e)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
    int rc = fd < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ? err_sys(e, "standard input")
                                                                : fd_nonblock(fd, e);

    fd_close(&null);
    if (rc < 0) {
        fd_close(&fd);
    }
    return fd;
}

int line_open(struct line *l, const struct boot *b, struct err *e)
{
    struct err ignored = {0};
    int fd = -1;

    if (b->line != NULL && strcmp(b->line, BOOT_STREAM) == 0) {
        fd = take_standard_input(e);
        if (fd < 0) {
            return -1;
        }
    } else if (b->line != NULL) {
        fd = unix_socket_connect(b->line, &ignored);
    }

    if (fd >= 0) {
        l->in = l->out = fd;
        l->can_pass = true;
        return greet(l, str_c(b->secret), -1, e);
    }
    /* The streams are duplicated to other numbers, because the child's own streams get the
     * numbers 0 to
     * 2. Init itself prints only to standard error, which is not a part of the line. */
    l->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    l->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (l->in < 0 || l->out < 0 || fd_nonblock(l->in, e) < 0 || fd_nonblock(l->out, e) < 0) {
        return err_sys(e, "standard streams");
    }
    return greet(l, str_c(b->secret), -1, e);
}

int line_pass(struct line *l, char kind, const int *fds, size_t count, struct err *e)
{
    struct buf frame;
    int rc;

    line_drain(l, -1);
    buf_init(&frame, FRAME_HEAD + 1);
    (void)frame_add(&frame, FRAME_PASS, str_n(&kind, 1)); /* fits: the buffer has the size */
    rc = unix_socket_send(l->out, buf_data(&frame), frame.len, fds, count, e);
    buf_release(&frame);
    l->passed = rc == 0;
    return rc;
}
