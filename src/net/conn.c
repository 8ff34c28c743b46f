/* SPDX-License-Identifier: MIT */
#include "net/conn.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unix_socket.h"
#include "net/tls.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 8 << 10, PAUSE_NS = 10000000 };

void conn_init(struct conn *c)
{
    *c = (struct conn){.fd = -1, .peer = "the engine"};
    buf_init(&c->in, LIMIT_RELAY_BUFFER);
}

void conn_close(struct conn *c)
{
    if (c->tls != NULL) {
        tls_free(c->tls, c->fd);
        c->tls = NULL;
    }
    fd_close(&c->fd);
    buf_release(&c->in);
    c->eof = false;
    c->cut = false;
}

int conn_adopt(struct conn *c, int fd, struct err *e)
{
    if (fd_nonblock(fd, e) < 0) {
        return -1;
    }
    c->fd = fd;
    c->eof = false;
    return 0;
}

int conn_finish(int fd, const struct net_wait *w, struct err *e)
{
    int problem = 0;
    socklen_t len = sizeof(problem);

    if (net_wait(w, fd, POLLOUT, e) < 0) {
        return -1;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &len) < 0) {
        return err_sys(e, "getsockopt");
    }
    if (problem != 0) {
        errno = problem;
        return err_sys(e, "connect");
    }
    return 0;
}

/* If the queue of the listener is full, connect(2) fails with EAGAIN at once (unix(7)), and
 * poll(2) does not report when there is room. This function therefore tries again after short
 * pauses. */
static int connect_when_possible(int fd, const struct sockaddr_un *addr,
                                 const struct net_wait *w, struct err *e)
{
    for (;;) {
        if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0) {
            return 0;
        }
        if (errno == EINPROGRESS) {
            return conn_finish(fd, w, e);
        }
        if (errno != EAGAIN && errno != EINTR) {
            return err_sys(e, "connect");
        }
        if (w->sig == NULL && w->deadline_ms < 0) {
            return err_sys(e, "connect");
        }
        struct net_wait turn = *w;
        struct err late = {0};
        struct timespec pause = {.tv_nsec = PAUSE_NS};

        (void)nanosleep(&pause, NULL); /* it may end early; the deadline is checked below */
        turn.deadline_ms = 0;
        if (net_wait(&turn, -1, 0, &late) < 0 && late.kind != ERR_TIMEOUT) {
            *e = late;
            return -1;
        }
        if (w->deadline_ms >= 0 && clock_ms() >= w->deadline_ms) {
            return err_set(e, ERR_TIMEOUT, "connect: no answer in time");
        }
    }
}

int conn_unix(struct conn *c, const char *path, const struct net_wait *w, struct err *e)
{
    struct sockaddr_un addr;
    int dir = -1;
    int fd = -1;
    int rc = -1;

    if (unix_socket_address(path, &addr, &dir, e) < 0) {
        return err_wrap(e, "%s", path);
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        (void)err_sys(e, "socket");
        goto out;
    }
    if (connect_when_possible(fd, &addr, w, e) < 0) {
        goto out;
    }
    c->fd = fd;
    c->eof = false;
    fd = -1;
    rc = 0;
out:
    fd_close(&fd);
    fd_close(&dir);
    return rc < 0 ? err_wrap(e, "%s", path) : 0;
}

/* Returns 1 if bytes were read or the stream has ended, 0 if nothing has arrived, and -1 on
 * error. */
static int read_once(struct conn *c, struct err *e)
{
    size_t room = buf_room(&c->in);
    size_t want = room < READ_SIZE ? room : READ_SIZE;
    char *p;
    ssize_t n;

    if (want == 0) {
        return err_set(e, ERR_LIMIT, "the reply of %s does not fit the buffer", c->peer);
    }
    if (c->tls != NULL) {
        return tls_read(c, e);
    }
    p = buf_reserve(&c->in, want);
    n = fd_read(c->fd, p, want);
    if (n > 0) {
        buf_commit(&c->in, (size_t)n);
        return 1;
    }
    if (n == 0) {
        c->eof = true;
        return 1;
    }
    if (errno == EAGAIN) {
        return 0;
    }
    return err_sys(e, "read from %s", c->peer);
}

int conn_fill_now(struct conn *c, struct err *e)
{
    return c->eof || read_once(c, e) >= 0 ? 0 : -1;
}

int conn_fill(struct conn *c, const struct net_wait *w, struct err *e)
{
    for (;;) {
        int got = c->eof ? 1 : read_once(c, e);

        if (got != 0) {
            return got < 0 ? -1 : 0;
        }
        if (net_wait(w, c->fd, c->tls != NULL ? tls_events(c->tls) : POLLIN, e) < 0) {
            return -1;
        }
    }
}

/* Sends as much of *data as the connection accepts, and removes it from *data. Returns 1 if
 * everything was sent, 0 if the caller must wait for POLLOUT, and -1 on error. */
static int write_once(struct conn *c, struct str *data, struct err *e)
{
    ssize_t n;

    if (c->tls != NULL) {
        return tls_write(c, data, e);
    }
    n = data->len > 0 ? fd_write(c->fd, data->p, data->len) : 0;
    if (n < 0) {
        return errno == EAGAIN ? 0 : err_sys(e, "write to %s", c->peer);
    }
    *data = str_drop(*data, (size_t)n);
    return data->len == 0 ? 1 : 0;
}

ssize_t conn_take(struct conn *c, char *p, size_t room, struct err *e)
{
    size_t len;

    if (c->in.len == 0 && conn_fill_now(c, e) < 0) {
        return -1;
    }
    len = c->in.len < room ? c->in.len : room;
    if (len > 0) {
        memcpy(p, buf_data(&c->in), len);
        buf_drop(&c->in, len);
    }
    return (ssize_t)len;
}

ssize_t conn_put(struct conn *c, const char *p, size_t len, struct err *e)
{
    struct str data = str_n(p, len);

    return write_once(c, &data, e) < 0 ? -1 : (ssize_t)(len - data.len);
}

short conn_events(const struct conn *c, short want)
{
    return c->tls == NULL ? want : (short)(want | (tls_events(c->tls) & POLLOUT));
}

bool conn_has_bytes(const struct conn *c)
{
    return c->in.len > 0 || (c->tls != NULL && tls_has_bytes(c->tls));
}

void conn_abandon(struct conn *c)
{
    if (c->tls != NULL) {
        tls_abandon(c->tls);
        c->tls = NULL;
    }
    conn_close(c);
}

int conn_write_all(struct conn *c, struct str data, const struct net_wait *w, struct err *e)
{
    for (;;) {
        int sent = write_once(c, &data, e);

        if (sent != 0) {
            return sent < 0 ? -1 : 0;
        }
        if (net_wait(w, c->fd, POLLOUT, e) < 0) {
            return -1;
        }
    }
}
