/* SPDX-License-Identifier: MIT */
/* The relay's own 0, 1, 2: a terminal, or pipes. Bounded queues; what falls behind, or is not read for
 * STDIO_END_STALL_MS, is told nothing more until its reader takes bytes again. */
#ifndef TERM_STDIO_END_H
#define TERM_STDIO_END_H

#include <stdint.h>

#include "term/relay_io.h"
#include "wire/frame.h"

enum {
    STDIO_END_STALL_MS = 30000,
    STDIO_END_QUEUE_MAX = 256 << 20 /* of what the relay puts there itself: a screen */
};

struct stdio_end {
    struct relay_in in;
    struct relay_out out, err;
    bool stale;         /* fell behind: it gets the screen when it takes bytes again */
    int64_t stalled_ms; /* since when a terminal takes nothing; -1: it does */
};

/* Nothing: no input, output that goes nowhere. */
void stdio_end_init(struct stdio_end *n);

/* fd `in` is -1 where input is not forwarded. */
void stdio_end_open(struct stdio_end *n, int in, int out, int err);
void stdio_end_close(struct stdio_end *n);

/* Output of the command: ERROUT to err, everything else to out. Nothing while stale. */
void stdio_end_output(struct stdio_end *n, enum frame_type type, struct str bytes);

/* How much of it there is room for: of a terminal, or of two pipes, which fill alike. */
size_t stdio_end_room(const struct stdio_end *n, bool tty);

/* Writes what can be written. */
void stdio_end_flush(struct stdio_end *n, bool out_ready, bool err_ready);

/* Keeps count of how long a terminal has taken nothing while there was no room for a frame; after STDIO_END_STALL_MS it
 * is stale. When that will be: a deadline, or -1. To be called last in each turn. */
void stdio_end_mind_stall(struct stdio_end *n, bool out_ready);
int64_t stdio_end_deadline(const struct stdio_end *n);

/* Adds text of our own and waits until all that is queued was written, or for so long: false, and the queue is
 * empty, where its reader does not take it. */
bool stdio_end_say(struct stdio_end *n, struct str text, int timeout_ms);

/* Everything it can be told was written. */
bool stdio_end_is_drained(const struct stdio_end *n);

#endif
