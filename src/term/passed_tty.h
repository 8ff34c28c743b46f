/* SPDX-License-Identifier: MIT */
/* A client's own terminal in the hands of the session's server: bytes go between it and the command without a way
 * through the client's process, which keeps the signals, the size, and the restoring. While that process is stopped
 * the terminal is held: it belongs to somebody else's program, nothing is read or written. */
#ifndef TERM_PASSED_TTY_H
#define TERM_PASSED_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "term/keys.h"
#include "term/relay_io.h"

enum { PASSED_TTY_READ = 4 << 10 };

struct passed_tty {
    int fd; /* non-blocking, of a description that is the client's and ours alone; -1: not passed */
    bool held;
    bool ended; /* it hung up */
    struct keys keys;
    struct relay_out out;
};

void passed_tty_init(struct passed_tty *l);

/* Takes fd. `keys` is the detach sequence (keys_parse()); ERR_USAGE where it is none. */
int passed_tty_open(struct passed_tty *l, int fd, struct str keys, struct err *e);
void passed_tty_close(struct passed_tty *l);

bool passed_tty_is(const struct passed_tty *l); /* there is one */

/* Reads once; adds what is for the command (out: room for PASSED_TTY_READ + KEYS_HELD_MAX). True where the user detaches. */
bool passed_tty_read(struct passed_tty *l, int64_t now_ms, struct buf *out);

/* Nothing is read or written any more; what was queued is dropped. */
void passed_tty_hold(struct passed_tty *l);

#endif
