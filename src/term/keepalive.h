/* SPDX-License-Identifier: MIT */
/* Keepalives of a line that the engine carries: whoever says nothing for a while is asked for a sign of life, and who
 * gives none again and again is lost. Pure: it is told the time. Only time in which this process ran counts: after a
 * stop, or a laptop's sleep, the other side is asked anew before anything is concluded. */
#ifndef TERM_KEEPALIVE_H
#define TERM_KEEPALIVE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KEEPALIVE_EVERY_MS = 2500,
    KEEPALIVE_MISSED_MAX = 4,   /* in a row */
    KEEPALIVE_STARTING_MAX = 24 /* while init still prepares the command, and hears nobody */
};

struct keepalive {
    int64_t due_ms; /* -1: nothing is due */
    unsigned heard; /* signs of life so far, whatever they are counted in */
    unsigned asked; /* since the last one */
};

enum keepalive_next { KEEPALIVE_QUIET, KEEPALIVE_ASK, KEEPALIVE_LOST };

void keepalive_init(struct keepalive *b);

/* What to do now. `heard` grows with each sign of life; `max`: how many questions may stay without an answer. */
enum keepalive_next keepalive_step(struct keepalive *b, unsigned heard, unsigned max,
                                   int64_t now_ms);

/* Nobody listens now, or there is nobody to ask: starts over later. */
void keepalive_rest(struct keepalive *b);

#endif
