/* SPDX-License-Identifier: MIT */
/* The relay's own standard input, output and error: a terminal, or pipes. The queues are
 * bounded. A terminal becomes stale if its queue is full, or if it does not read for
 * STDIO_END_STALL_MS. A stale terminal gets no output until it reads again and the relay has
 * shown it the whole screen of the session server. Only stdio_end_say() blocks. */
#ifndef TERM_STDIO_END_H
#define TERM_STDIO_END_H

#include <stdint.h>

#include "term/relay_io.h"
#include "wire/frame.h"

enum {
    STDIO_END_STALL_MS = 30000,
    /* The maximum of a queue in bytes. It is high, because text of the relay's own may be a
     * whole screen. Output of the command fills a queue up to LIMIT_RELAY_BUFFER
     * (stdio_end_room()). */
    STDIO_END_QUEUE_MAX = 256 << 20
};

struct stdio_end {
    struct relay_in in;
    struct relay_out out, err;
    bool one_terminal;  /* out and err are the same terminal: all output goes through out */
    bool stale;         /* the terminal must be shown the screen; the caller clears this then */
    int64_t stalled_ms; /* since when the terminal has not been read, clock_ms(); -1: it is */
};

/* Sets the initial state: input is at its end, and output is dropped. */
void stdio_end_init(struct stdio_end *n);

/* Starts to use these descriptors, which still belong to the caller and must stay open until
 * stdio_end_close() (term/relay_io.h). `in` is -1 if input is not forwarded. */
void stdio_end_open(struct stdio_end *n, int in, int out, int err);

/* Drops what is queued. Afterwards n is in its initial state. */
void stdio_end_close(struct stdio_end *n);

/* Queues output of the command: FRAME_ERROUT for err unless out is the same terminal, every
 * other type for out. A terminal thus gets the bytes in the order of the calls. Drops it if n
 * is stale or has no descriptors. If it does not fit, n becomes stale. */
void stdio_end_output(struct stdio_end *n, enum frame_type type, struct str bytes);

/* Returns how many bytes of output n has room for: in the queue of the terminal if `tty`, else
 * in the fuller queue of the two pipes. */
size_t stdio_end_room(const struct stdio_end *n, bool tty);

/* Writes as much as one write(2) takes to each descriptor that is ready (POLLOUT). */
void stdio_end_flush(struct stdio_end *n, bool out_ready, bool err_ready);

/* Measures how long the terminal has not been read while its queue had no room for a frame, and
 * makes it stale after STDIO_END_STALL_MS. The caller calls it at the end of each turn;
 * `out_ready` says whether poll(2) reported POLLOUT in this turn. stdio_end_deadline() returns
 * when n becomes stale, as clock_ms(), and -1 if the terminal is read. */
void stdio_end_mind_stall(struct stdio_end *n, bool out_ready);
int64_t stdio_end_deadline(const struct stdio_end *n);

/* Adds text of the relay's own to `out`, which is n->out or n->err, and blocks until all queued
 * output is written, but for timeout_ms at most. Returns true if all of it was written. Returns
 * false if it was not; the queue is then empty, and what was left of it is lost. */
bool stdio_end_say(struct relay_out *out, struct str text, int timeout_ms);

/* Returns true if no output waits: the queues are empty, n is stale, or it has no
 * descriptors. */
bool stdio_end_is_drained(const struct stdio_end *n);

#endif
