/* SPDX-License-Identifier: MIT */
/* Keepalives of a line that the engine carries. A peer that is silent for a while is asked for
 * a sign of life; a peer that does not answer several times in a row is lost. Only time in
 * which this process ran counts: after a stop, or a laptop's sleep, the peer is asked again
 * first. Pure: the caller passes the time. */
#ifndef TERM_KEEPALIVE_H
#define TERM_KEEPALIVE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KEEPALIVE_EVERY_MS = 2500,
    KEEPALIVE_MISSED_MAX = 4,   /* in a row */
    KEEPALIVE_STARTING_MAX = 24 /* while init still prepares the command and does not read */
};

struct keepalive {
    int64_t due_ms; /* -1: nothing is due */
    unsigned heard; /* signs of life up to now, in any unit */
    unsigned asked; /* questions since the last sign of life */
};

enum keepalive_next { KEEPALIVE_QUIET, KEEPALIVE_ASK, KEEPALIVE_LOST };

void keepalive_init(struct keepalive *b);

/* Returns what the caller must do now. `heard` grows with each sign of life. `max` is how many
 * questions in a row may remain without an answer. */
enum keepalive_next keepalive_step(struct keepalive *b, unsigned heard, unsigned max,
                                   int64_t now_ms);

/* Starts over with the next keepalive_step(), which then returns KEEPALIVE_QUIET: to be called
 * while this side cannot read answers, or while there is no peer. */
void keepalive_rest(struct keepalive *b);

#endif
