/* SPDX-License-Identifier: MIT */
/* A client's terminal, whose descriptor the client has passed to the session's server: the
 * server reads and writes it directly. The client's process keeps the signals, the size, and
 * restores the mode. While that process is stopped the terminal is held: another program uses
 * it, and the server neither reads nor writes. */
#ifndef TERM_PASSED_TTY_H
#define TERM_PASSED_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "term/keys.h"
#include "term/relay_io.h"

enum { PASSED_TTY_READ = 4 << 10 };

struct passed_tty {
    int fd; /* non-blocking; only the client and the server share its open file description; -1:
               not passed */
    bool held;
    bool ended; /* it hung up */
    struct keys keys;
    struct relay_out out;
};

void passed_tty_init(struct passed_tty *l);

/* Starts to use fd, which belongs to l from now on, also after an error. `keys` is the detach
 * sequence for keys_parse(); empty: none. Returns 0 on success and -1 on error: ERR_USAGE if
 * `keys` is not valid. */
int passed_tty_open(struct passed_tty *l, int fd, struct str keys, struct err *e);

/* Drops what is queued and closes fd. Afterwards l is in its initial state. */
void passed_tty_close(struct passed_tty *l);

bool passed_tty_is(const struct passed_tty *l); /* a terminal was passed */

/* Reads once and adds what is for the command to out, which must have room for PASSED_TTY_READ
 * + KEYS_HELD_MAX bytes. Returns true if the user has detached. */
bool passed_tty_read(struct passed_tty *l, int64_t now_ms, struct buf *out);

/* Stops reading and writing, and drops what is queued. */
void passed_tty_hold(struct passed_tty *l);

#endif
