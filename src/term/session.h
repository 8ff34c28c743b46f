/* SPDX-License-Identifier: MIT */
/* A running command in a sandbox, as the relay sees it: the line to its init (wire/frame.h),
 * the engine's own way to report the end, and finally a status. Engines make this struct; the
 * relay does not know which engine made it. No function here blocks, so that a slow engine
 * never delays a key. */
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

/* The functions of an engine. `read`, `write` and `events` are for a line that cannot be used
 * through its descriptor alone, because it is encrypted (TLS). They are all NULL if the relay
 * reads and writes `fd` directly. */
struct session_ops {
    /* Fills all SESSION_POLL_MAX slots with what the engine must poll besides the line; unused
     * slots get fd -1. The relay calls it before each poll(2). Returns the timeout for poll(2)
     * in milliseconds, and -1 for none. */
    int (*prepare)(struct session *s, struct pollfd *fds);

    /* Continues to wait for the end of the command, without blocking. The relay calls it after
     * each poll(2), with the slots that prepare() filled. Sets `status` and `ended` when the
     * engine reports the end. Returns 0 on success, and -1 only if the engine is lost; the
     * relay then calls neither function again. */
    int (*dispatch)(struct session *s, const struct pollfd *fds, struct err *e);

    /* Reads at most `room` bytes into p. Returns their number, and -1 on error. Returns 0 both
     * if there are no bytes now and at the end of the line; only the end sets *ended. */
    ssize_t (*read)(struct session *s, char *p, size_t room, bool *ended, struct err *e);

    /* Takes at most `len` bytes from p and sends as many as the line accepts. With len 0 it
     * sends bytes that an earlier call took. Returns the number of bytes that it took, which
     * may be 0, and -1 if the line is lost. */
    ssize_t (*write)(struct session *s, const char *p, size_t len, struct err *e);

    /* Returns the poll(2) events that `fd` needs if the caller wants to do `want` (POLLIN,
     * POLLOUT). Sets *now if there are bytes to read that poll(2) does not report; the caller
     * then reads without waiting. */
    short (*events)(struct session *s, short want, bool *now);
};

enum { SESSION_POLL_MAX = 2 };

/* The engine that made a session owns it and closes `fd`. */
struct session {
    const struct session_ops *ops;
    /* The line: non-blocking. Init has sent HELLO on it and waits for the answer. */
    int fd;
    /* The line arrives in the engine's log frames (wire/stdcopy.h) and is written without them.
     * false: the line is a unix socket of its own. */
    bool wrapped;
    struct stdcopy wrap; /* the position in the log frames when the relay starts */
    /* Bytes of the line, without log frames, that were read behind init's HELLO before the
     * relay started. init_line_open() takes them and releases the buffer. */
    struct buf early;
    bool tty;   /* the command has a terminal; false: three pipes */
    bool ended; /* the engine has reported the end; `status` is valid */
    int status; /* the command's exit status as in a shell: 0 to 255 */
};

#endif
