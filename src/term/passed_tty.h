/* SPDX-License-Identifier: MIT */
/* A client's terminal whose descriptor the client has passed to the session server. The server
 * reads and writes it directly, without blocking. The client's process still handles the
 * signals and the size, and restores the terminal's mode. While that process is stopped, the
 * terminal is held: another program uses it, so the server neither reads nor writes it. */
#ifndef TERM_PASSED_TTY_H
#define TERM_PASSED_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "term/keys.h"
#include "term/relay_io.h"

enum { PASSED_TTY_READ = 4 << 10 }; /* the most bytes that a read takes */

struct passed_tty {
    /* Non-blocking. Only the client and the server share its open file description. -1: no
     * terminal was passed. */
    int fd;
    bool held;            /* the server must not use it; the caller clears this when it may */
    bool ended;           /* it hung up, or reading failed */
    struct keys keys;     /* the client's detach sequence */
    struct relay_out out; /* writes to the same descriptor, which passed_tty_close() closes */
};

void passed_tty_init(struct passed_tty *l);

/* Starts to use fd, and sets it to non-blocking. fd belongs to l from this call on, also after
 * an error, until passed_tty_close(). `keys` is the detach sequence, for keys_parse(); an empty
 * text means none. Returns 0 on success and -1 on error: ERR_USAGE if `keys` is not valid or
 * has more than 63 bytes. */
int passed_tty_open(struct passed_tty *l, int fd, struct str keys, struct err *e);

/* Drops the queued output and closes fd. Afterwards l is in its initial state. */
void passed_tty_close(struct passed_tty *l);

/* Returns true if a terminal was passed. */
bool passed_tty_is(const struct passed_tty *l);

/* Reads once and adds the bytes that are for the command to `out`, which must have room for
 * PASSED_TTY_READ + KEYS_HELD_MAX bytes. Sets `ended` if the terminal hung up or cannot be
 * read. Returns true if the user has typed the detach sequence. Does not block. */
bool passed_tty_read(struct passed_tty *l, int64_t now_ms, struct buf *out);

/* Sets `held`, and drops the queued output and the held keys. */
void passed_tty_hold(struct passed_tty *l);

#endif
