/* SPDX-License-Identifier: MIT */
/* The host's end of a line to init, for tests: answers init's greeting, and collects the frames
 * that init sends. */
#ifndef TESTS_LINE_H
#define TESTS_LINE_H

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/unix_socket.h"
#include "wire/frame.h"

struct peer {
    int fd;
    struct buf rx;                 /* received bytes that are not handled yet */
    struct buf out, err;           /* the bytes of OUTPUT and of ERROUT */
    char secret[FRAME_SECRET + 1]; /* the secret in init's greeting */
    bool greeted, passed, started, stopped, exited; /* the frame of this name has come */
    bool ended;                                     /* the line has ended */
    size_t taken;                                   /* bytes of INPUT that init acknowledged */
    size_t signs;                                   /* acknowledgements of 0 bytes */
    int fds[UNIX_SOCKET_FDS_MAX];                   /* passed descriptors; -1: none */
    struct frame_exit exit;                         /* valid if `exited` */
    char text[512];                                 /* the text of `exit` */
};

/* fd belongs to *f until peer_release(). */
__attribute__((unused)) static void peer_init(struct peer *f, int fd)
{
    *f = (struct peer){.fd = fd, .fds = {-1, -1, -1, -1}};
    buf_init(&f->rx, 1 << 20);
    buf_init(&f->out, 64 << 20);
    buf_init(&f->err, 1 << 20);
}

__attribute__((unused)) static void peer_release(struct peer *f)
{
    fd_close(&f->fd);
    for (int i = 0; i < UNIX_SOCKET_FDS_MAX; i++) {
        fd_close(&f->fds[i]);
    }
    buf_release(&f->rx);
    buf_release(&f->out);
    buf_release(&f->err);
}

/* Sends the payload as frames of this type; an empty payload is one frame. */
__attribute__((unused)) static void peer_send(struct peer *f, enum frame_type type,
                                              struct str payload)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1 << 20);
    (void)frame_add_bytes(&b, type, payload);
    if (payload.len == 0) {
        (void)frame_add(&b, type, payload);
    }
    (void)fd_write_all(f->fd, buf_data(&b), b.len, &e);
    buf_release(&b);
}

/* Answers init's greeting with this size. */
__attribute__((unused)) static void peer_answer(struct peer *f, unsigned rows, unsigned cols)
{
    char payload[6] = {FRAME_VERSION, FRAME_HELLO_HOST,  (char)(rows >> 8),
                       (char)rows,    (char)(cols >> 8), (char)cols};

    peer_send(f, FRAME_HELLO, str_n(payload, sizeof(payload)));
}

/* Notes a frame of init. A frame that init must not send ends the test. */
static void peer_take(struct peer *f, struct frame frame)
{
    struct err e = {0};
    enum frame_hello kind;
    struct str rest;
    size_t n = 0;

    switch (frame.type) {
    case FRAME_HELLO:
        f->greeted = frame_hello(frame, &kind, &rest, &e) == 0 && kind == FRAME_HELLO_INIT;
        if (f->greeted && rest.len <= FRAME_SECRET) {
            memcpy(f->secret, rest.p, rest.len);
        }
        break;
    case FRAME_OUTPUT:
        (void)buf_add_str(&f->out, frame.payload);
        break;
    case FRAME_ERROUT:
        (void)buf_add_str(&f->err, frame.payload);
        break;
    case FRAME_STARTED:
        f->started = true;
        break;
    case FRAME_PASS:
        f->passed = true;
        break;
    case FRAME_STOPPED:
        f->stopped = true;
        break;
    case FRAME_TAKEN:
        (void)frame_taken(frame, &n, &e);
        f->taken += n;
        f->signs += n == 0 ? 1U : 0U;
        break;
    case FRAME_EXIT:
        f->exited = frame_exit(frame, &f->exit, &e) == 0;
        n = f->exit.text.len < sizeof(f->text) - 1 ? f->exit.text.len : sizeof(f->text) - 1;
        memcpy(f->text, f->exit.text.p, n);
        break;
    default:
        abort();
    }
}

/* Waits until the line can be read, but for timeout_ms at most, and reads it once. Returns
 * false at the end of the line. */
__attribute__((unused)) static bool peer_turn(struct peer *f, int timeout_ms)
{
    struct pollfd p = {.fd = f->fd, .events = POLLIN};
    struct str in;
    struct frame frame;
    struct err e = {0};
    ssize_t n;

    if (poll(&p, 1, timeout_ms) <= 0) {
        return true;
    }
    n = unix_socket_recv(f->fd, buf_reserve(&f->rx, 32 << 10), 32 << 10, f->fds);
    if (n <= 0) {
        f->ended = true;
        return false;
    }
    buf_commit(&f->rx, (size_t)n);
    in = buf_str(&f->rx);
    while (frame_next(&in, &frame, &e) == 1) {
        peer_take(f, frame);
    }
    buf_drop(&f->rx, f->rx.len - in.len);
    return true;
}

/* Reads until done() is true or the line ends, but for ten seconds at most. Returns whether
 * done() is true. */
__attribute__((unused)) static bool peer_until(struct peer *f,
                                               bool (*done)(const struct peer *))
{
    int64_t deadline = clock_ms() + 10000;

    while (!f->ended && !done(f) && clock_ms() < deadline) {
        (void)peer_turn(f, 50);
    }
    return done(f);
}

__attribute__((unused)) static bool peer_greeted(const struct peer *f)
{
    return f->greeted;
}
__attribute__((unused)) static bool peer_exited(const struct peer *f)
{
    return f->exited;
}
__attribute__((unused)) static bool peer_passed(const struct peer *f)
{
    return f->passed;
}
__attribute__((unused)) static bool peer_stopped(const struct peer *f)
{
    return f->stopped;
}

#endif
