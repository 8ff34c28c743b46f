/* SPDX-License-Identifier: MIT */
/* The relay's own 0, 1, 2: a terminal, or pipes. Bounded queues; what falls behind, or is not read for
 * NEAR_STALL_MS, is told nothing more until its reader takes bytes again. */
#ifndef TERM_NEAR_H
#define TERM_NEAR_H

#include <stdint.h>

#include "term/relay_io.h"
#include "wire/frame.h"

enum {
    NEAR_STALL_MS = 30000,
    NEAR_QUEUE_MAX = 256 << 20 /* of what the relay puts there itself: a screen */
};

struct near {
    struct relay_in in;
    struct relay_out out, err;
    bool stale;         /* fell behind: it gets the screen when it takes bytes again */
    int64_t stalled_ms; /* since when a terminal takes nothing; -1: it does */
};

/* Nothing: no input, output that goes nowhere. */
void near_init(struct near *n);

/* fd `in` is -1 where input is not forwarded. */
void near_open(struct near *n, int in, int out, int err);
void near_close(struct near *n);

/* Output of the command: ERROUT to err, everything else to out. Nothing while stale. */
void near_output(struct near *n, enum frame_type type, struct str bytes);

/* How much of it there is room for: of a terminal, or of two pipes, which fill alike. */
size_t near_room(const struct near *n, bool tty);

/* Writes what can be written. */
void near_flush(struct near *n, bool out_ready, bool err_ready);

/* Keeps count of how long a terminal has taken nothing while there was no room for a frame; after NEAR_STALL_MS it
 * is stale. When that will be: a deadline, or -1. To be called last in each turn. */
void near_mind_stall(struct near *n, bool out_ready);
int64_t near_deadline(const struct near *n);

/* Adds text of our own and waits until all that is queued was written, or for so long: false, and the queue is
 * empty, where its reader does not take it. */
bool near_say(struct near *n, struct str text, int timeout_ms);

/* Everything it can be told was written. */
bool near_is_drained(const struct near *n);

#endif
