/* SPDX-License-Identifier: MIT */
/* A running command somewhere else, as the relay sees it: the line to its init (wire/frame.h), the engine's
 * own way to learn the end, and in the end a status. Engines produce one; the relay never hears of
 * Docker. Nothing here waits, so that a slow engine never delays a key. */
#ifndef TERM_SESSION_H
#define TERM_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/stdcopy.h"

struct session;

struct session_ops {
    /* Fills in what must be polled besides the line (at most SESSION_POLL_MAX; unused slots get
     * fd -1) and returns the poll timeout this needs in ms, -1 for none. */
    int (*prepare)(struct session *s, struct pollfd *fds);

    /* Goes on with the wait for the end, as far as possible without waiting. -1 only when the engine
     * is lost. */
    int (*dispatch)(struct session *s, const struct pollfd *fds, struct err *e);

    /* The line, where it is more than its descriptor (TLS); all NULL: fd is read and written as it is.
     * read: bytes, 0 where nothing is there now, or at the end: *ended. write: bytes that were taken, which may
     * be none; with len 0 what was taken before goes on its way. events: what to poll fd for where `want` is
     * wanted; *now: there is something to read that poll would not tell of. */
    ssize_t (*read)(struct session *s, char *p, size_t room, bool *ended, struct err *e);
    ssize_t (*write)(struct session *s, const char *p, size_t len, struct err *e);
    short (*events)(struct session *s, short want, bool *now);
};

enum { SESSION_POLL_MAX = 2 };

struct session {
    const struct session_ops *ops;
    int fd; /* the line: non-blocking; init has said HELLO on it, nobody has answered */
    bool
        wrapped; /* it comes in the engine's log frames (wire/stdcopy.h), and goes out without frames */
    struct stdcopy wrap; /* where in these frames it is */
    struct buf
        early; /* bytes of the line, unwrapped, that were read before the relay started */
    bool tty;
    bool ended; /* as the engine has it; status is valid */
    int status; /* 0-255 as a shell has it */
};

#endif
