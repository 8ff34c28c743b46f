/* SPDX-License-Identifier: MIT */
/* A client's own terminal in the hands of the session's server: bytes go between it and the command without a way
 * through the client's process, which keeps the signals, the size, and the restoring. While that process is stopped
 * the terminal is held: it belongs to somebody else's program, nothing is read or written. */
#ifndef TERM_LENT_H
#define TERM_LENT_H

#include <stdbool.h>
#include <stdint.h>

#include "term/keys.h"
#include "term/relay_io.h"

enum { LENT_READ = 4 << 10 };

struct lent {
    int fd; /* non-blocking, of a description that is the client's and ours alone; -1: not lent */
    bool held;
    bool ended; /* it hung up */
    struct keys keys;
    struct relay_out out;
};

void lent_init(struct lent *l);

/* Takes fd. `keys` is the detach sequence (keys_parse()); ERR_USAGE where it is none. */
int lent_open(struct lent *l, int fd, struct str keys, struct err *e);
void lent_close(struct lent *l);

bool lent_is(const struct lent *l); /* there is one */

/* Reads once; adds what is for the command (out: room for LENT_READ + KEYS_HELD_MAX). True where the user detaches. */
bool lent_read(struct lent *l, int64_t now_ms, struct buf *out);

/* Nothing is read or written any more; what was queued is dropped. */
void lent_hold(struct lent *l);

#endif
