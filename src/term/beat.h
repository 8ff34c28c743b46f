/* SPDX-License-Identifier: MIT */
/* Heartbeats of a line that the engine carries: whoever says nothing for a while is asked for a sign of life, and who
 * gives none again and again is lost. Pure: it is told the time. Only time in which this process ran counts: after a
 * stop, or a laptop's sleep, the other side is asked anew before anything is concluded. */
#ifndef TERM_BEAT_H
#define TERM_BEAT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BEAT_EVERY_MS = 2500,
    BEAT_MISSED_MAX = 4,    /* in a row */
    BEAT_STARTING_MAX = 24, /* while init still prepares the command, and hears nobody */
    BEAT_LOST_S = BEAT_EVERY_MS * (BEAT_MISSED_MAX + 1) / 1000
};

struct beat {
    int64_t due_ms; /* -1: nothing is due */
    unsigned heard; /* signs of life so far, whatever they are counted in */
    unsigned asked; /* since the last one */
};

enum beat_next { BEAT_QUIET, BEAT_ASK, BEAT_LOST };

void beat_init(struct beat *b);

/* What to do now. `heard` grows with each sign of life; `max`: how many questions may stay without an answer. */
enum beat_next beat_step(struct beat *b, unsigned heard, unsigned max, int64_t now_ms);

/* Nobody listens now, or there is nobody to ask: starts over later. */
void beat_rest(struct beat *b);

#endif
