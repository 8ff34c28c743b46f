/* SPDX-License-Identifier: MIT */
/* The relay's own standard input, output and error: a terminal, or pipes. The queues are
 * bounded. If the reader of a terminal falls behind, or does not read for STDIO_END_STALL_MS,
 * it gets nothing more until it reads again. */
#ifndef TERM_STDIO_END_H
#define TERM_STDIO_END_H

#include <stdint.h>

#include "term/relay_io.h"
#include "wire/frame.h"

enum {
    STDIO_END_STALL_MS = 30000,
    STDIO_END_QUEUE_MAX = 256 << 20 /* for text of the relay's own: a screen */
};

struct stdio_end {
    struct relay_in in;
    struct relay_out out, err;
    bool stale;         /* fell behind: gets the screen when it reads again */
    int64_t stalled_ms; /* since when the terminal is not read; -1: it is read */
};

/* No input, and output is dropped. */
void stdio_end_init(struct stdio_end *n);

/* Starts to use these descriptors, which still belong to the caller (relay_io.h). `in` is -1 if
 * input is not forwarded. */
void stdio_end_open(struct stdio_end *n, int in, int out, int err);

/* Drops what is queued; afterwards n is in its initial state. */
void stdio_end_close(struct stdio_end *n);

/* Queues output of the command: ERROUT for err, everything else for out. Drops it while n is
 * stale. */
void stdio_end_output(struct stdio_end *n, enum frame_type type, struct str bytes);

/* Returns how many bytes of output there is room for, in the terminal or in the fuller one of
 * two pipes. */
size_t stdio_end_room(const struct stdio_end *n, bool tty);

/* Writes as much as possible to the descriptors that are ready. */
void stdio_end_flush(struct stdio_end *n, bool out_ready, bool err_ready);

/* Measures how long the terminal has not been read while there was no room for a frame, and
 * makes it stale after STDIO_END_STALL_MS. To be called at the end of each turn.
 * stdio_end_deadline() returns when it becomes stale, or -1. */
void stdio_end_mind_stall(struct stdio_end *n, bool out_ready);
int64_t stdio_end_deadline(const struct stdio_end *n);

/* Adds text of the relay's own to the output and blocks for timeout_ms at most until everything
 * queued there is written. Returns false, with an empty queue, if the reader did not take it.
 */
bool stdio_end_say(struct stdio_end *n, struct str text, int timeout_ms);

/* Returns true if everything that can be written is written. */
bool stdio_end_is_drained(const struct stdio_end *n);

#endif
