/* SPDX-License-Identifier: MIT */
#include "engine/docker_handshake.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unix_socket.h"
#include "term/init_line.h"
#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { SOCKET_MODE = 0600, NOISE_MAX = 4096, HELLO_MAX = 4096 };

void handshake_open(struct handshake *h, const char *path, const char *secret)
{
    struct err ignored = {0};

    *h = (struct handshake){.path = path, .secret = secret, .listener = -1, .peer = -1};
    stdcopy_init(&h->wrap);
    buf_init(&h->said, HELLO_MAX);
    buf_init(&h->line, LIMIT_RELAY_BUFFER);
    buf_init(&h->noise, NOISE_MAX);
    if (path != NULL) {
        h->listener = unix_socket_listen(path, SOCKET_MODE, &ignored);
    }
}

static void stop_listening(struct handshake *h)
{
    if (h->listener >= 0) {
        (void)unlink(h->path);
        fd_close(&h->listener);
    }
}

void handshake_close(struct handshake *h)
{
    stop_listening(h);
    fd_close(&h->peer);
    buf_wipe(&h->said);
    buf_wipe(&h->line);
    buf_release(&h->noise);
}

/* Accepts a peer at the socket, or reads from the peer that has connected. Disconnects a peer
 * that does not greet with the secret; only processes of this user and of root can reach the
 * socket. Returns true if the peer is init. */
static bool hear_peer(struct handshake *h, struct container *c)
{
    struct err ignored = {0};
    size_t room;
    ssize_t got;
    int is;

    if (h->peer < 0) {
        h->peer = unix_socket_accept(h->listener, &ignored);
        return false;
    }
    room = buf_room(&h->said);
    got = fd_read(h->peer, buf_reserve(&h->said, room), room);
    if (got < 0 && errno == EAGAIN) {
        return false;
    }
    if (got > 0) {
        buf_commit(&h->said, (size_t)got);
    }
    is = got <= 0 ? -1
                  : init_line_greets(buf_str(&h->said), h->secret, &c->session.early, &ignored);
    if (is == 1) {
        c->line_fd = h->peer;
        h->peer = -1;
        c->session.fd = c->line_fd;
        c->session.wrapped = false;
        return true;
    }
    if (is < 0) {
        fd_close(&h->peer);
        buf_reset(&h->said);
    }
    return false;
}

/* Reads what has arrived on the attached stream. Returns 1 if init has greeted there, 0 if it
 * has not, and -1 on error. */
static int hear_stream(struct handshake *h, struct container *c, struct err *e)
{
    int is;

    if (conn_fill_now(&c->stream, e) < 0) {
        return -1;
    }
    while (c->stream.in.len > 0) {
        struct str data = {0};
        size_t used = 0;

        if (stdcopy_in(&h->wrap, buf_str(&c->stream.in), &used, &data, e) < 0) {
            return -1;
        }
        if (h->wrap.stream >= STDCOPY_STDERR) {
            size_t room = buf_room(&h->noise);

            (void)buf_add(&h->noise, data.p, data.len < room ? data.len : room);
        } else if (buf_add_str(&h->line, data) < 0) {
            return err_set(e, ERR_LIMIT, "init sends too much before its greeting");
        }
        buf_drop(&c->stream.in, used);
    }
    is = init_line_greets(buf_str(&h->line), h->secret, &c->session.early, e);
    if (is == 1) {
        c->session.fd = c->stream.fd;
        c->session.wrapped = true;
        c->session.ops = c->stream.tls != NULL ? &container_secure_ops : &container_session_ops;
        c->session.wrap = h->wrap;
    }
    return is;
}

/* Returns -1 with the reason if init cannot greet any more: the container has ended, or the
 * exec of an adoption has. Returns 0 if it still can. */
static int never_came(const struct handshake *h, const struct container *c, struct err *e)
{
    struct str said = str_trim(buf_str(&h->noise));

    if (!c->session.ended && c->stream.eof && c->adopted) {
        return err_set(e, ERR_ENGINE, "no init answers in the container%s%.*s",
                       said.len > 0 ? ": " : "", (int)said.len, said.p);
    }
    if (!c->session.ended) {
        return 0; /* if the stream has ended, the reply to the wait will say why */
    }
    (void)err_set(e, ERR_ENGINE, "init ended before the command could start (status %d)%s%.*s",
                  c->session.status, said.len > 0 ? ": " : "", (int)said.len, said.p);
    return -1;
}

/* Waits for any event and handles it. Returns 1 if init has greeted, 0 if it has not, and -1 on
 * error. */
static int turn(struct handshake *h, struct container *c, const struct net_wait *w,
                struct err *e)
{
    struct pollfd fds[3 + SESSION_POLL_MAX] = {
        {.fd = h->peer >= 0 ? h->peer : h->listener, .events = POLLIN},
        {.fd = c->stream.eof ? -1 : c->stream.fd, .events = conn_events(&c->stream, POLLIN)},
    };
    int timeout = c->session.ops->prepare(&c->session, &fds[2]);
    int heard = 0;

    if (net_poll(w, fds, 2 + SESSION_POLL_MAX, timeout, e) < 0) {
        return -1;
    }
    if (fds[0].revents != 0 && hear_peer(h, c)) {
        return 1;
    }
    if (fds[1].revents != 0 && (heard = hear_stream(h, c, e)) != 0) {
        return heard;
    }
    if (c->session.ops->dispatch(&c->session, &fds[2], e) < 0) {
        return -1;
    }
    return never_came(h, c, e);
}

int handshake_await(struct handshake *h, struct container *c, struct err *e)
{
    struct net_wait w = api_wait(c->base.engine);
    int rc = 0;

    /* Bytes that arrived together with the head of the reply are in the buffer, and poll(2)
     * does not report them. */
    if (c->stream.in.len > 0) {
        rc = hear_stream(h, c, e);
    }
    while (rc == 0) {
        rc = turn(h, c, &w, e);
    }
    stop_listening(h);
    return rc == 1 ? 0 : err_wrap(e, "wait for init");
}
