/* SPDX-License-Identifier: MIT */
/* A running command in a sandbox, as the relay sees it: the line to its init (wire/frame.h),
 * the engine's own way to report the end, and finally a status. Engines make it, and the relay
 * does not know which engine. No function here blocks, so that a slow engine never delays a
 * key. */
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
    /* Fills the SESSION_POLL_MAX slots with what must be polled besides the line; unused slots
     * get fd -1. Returns the poll timeout in ms, and -1 for none. */
    int (*prepare)(struct session *s, struct pollfd *fds);

    /* Continues to wait for the end, without blocking. Returns 0, and -1 only if the engine is
     * lost. */
    int (*dispatch)(struct session *s, const struct pollfd *fds, struct err *e);

    /* Access to a line that is more than its descriptor (TLS); all NULL: fd is read and written
     * directly. read returns the number of bytes, 0 if there are none now or at the end
     * (*ended). write returns the number of bytes taken, which may be 0; with len 0 it sends
     * what was taken before. events returns what to poll fd for if the caller wants `want`;
     * *now means that there is something to read that poll(2) does not report. */
    ssize_t (*read)(struct session *s, char *p, size_t room, bool *ended, struct err *e);
    ssize_t (*write)(struct session *s, const char *p, size_t len, struct err *e);
    short (*events)(struct session *s, short want, bool *now);
};

enum { SESSION_POLL_MAX = 2 };

struct session {
    const struct session_ops *ops;
    int fd; /* the line: non-blocking; init has sent HELLO on it and waits for the answer */
    bool wrapped; /* it arrives in the engine's log frames (wire/stdcopy.h), and is written
                     without frames */
    struct stdcopy wrap; /* the position in these frames */
    struct buf early; /* bytes of the line, without log frames, that were read before the relay
                         started */
    bool tty;
    bool ended; /* the engine has reported the end; status is valid */
    int status; /* 0 to 255, as in a shell */
};

#endif
