/* SPDX-License-Identifier: MIT */
/* A running command somewhere else, as the relay sees it: a stream of bytes both ways, a size, a
 * way to send signals, and in the end a status. Engines produce one; the relay never hears of
 * Docker. Every operation but `release` only queues or does what is possible without waiting, so
 * that a slow engine never delays a key. */
#ifndef TTY_SESSION_H
#define TTY_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct session;

struct session_ops {
    /* Fills in what must be polled besides the stream (at most SESSION_POLL_MAX; unused slots get
     * fd -1) and returns the poll timeout this needs in ms, -1 for none. */
    int (*prepare)(struct session *s, struct pollfd *fds);

    /* Goes on with requests and the wait for the end, as far as possible without waiting. -1 only
     * when the session is lost. */
    int (*dispatch)(struct session *s, const struct pollfd *fds, struct err *e);

    /* The terminal's size from now on; only the last of a burst is sent. */
    void (*resize)(struct session *s, unsigned rows, unsigned cols);

    /* Sends a signal to the command. */
    void (*signal)(struct session *s, int signo);

    /* No more input will come: lets the command see end of file. Called once, after everything
     * was written, never with a TTY. -1 where the stream broke. */
    int (*end_input)(struct session *s, struct err *e);
};

enum { SESSION_POLL_MAX = 4 };

struct session {
    const struct session_ops *ops;
    int fd;           /* the stream: non-blocking; the relay reads and writes it */
    bool tty;         /* raw bytes; otherwise Docker's frames (wire/stdcopy.h) come back */
    struct buf early; /* bytes of the stream that were read before the relay started */
    bool ended;       /* the command has ended; status is valid */
    int status;       /* 0-255 as a shell has it */
};

#endif
