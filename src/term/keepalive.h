/* SPDX-License-Identifier: MIT */
/* Keepalives of a line that the engine carries. If the peer is silent for KEEPALIVE_EVERY_MS,
 * the caller sends it a question. If the peer leaves several questions in a row without any
 * sign of life, it is lost.
 *
 * Each call of keepalive_step() counts at most one unanswered question, however much time has
 * passed since the call before. Therefore a time in which this process did not run (it was
 * stopped, or the machine slept) counts as one unanswered question at most. Pure: the caller
 * passes the time. */
#ifndef TERM_KEEPALIVE_H
#define TERM_KEEPALIVE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KEEPALIVE_EVERY_MS = 2500, /* between a sign of life or a question, and the next question */
    KEEPALIVE_MISSED_MAX = 4,  /* unanswered questions in a row */
    KEEPALIVE_STARTING_MAX = 24 /* the same while init prepares the command and does not read */
};

struct keepalive {
    int64_t due_ms; /* when keepalive_step() must be called at the latest; -1: no time is set */
    unsigned heard; /* the caller's counter of signs of life at the last step */
    unsigned asked; /* questions since the last sign of life */
};

/* The caller must do nothing; send a question; or treat the peer as lost. */
enum keepalive_next { KEEPALIVE_QUIET, KEEPALIVE_ASK, KEEPALIVE_LOST };

void keepalive_init(struct keepalive *b);

/* Returns what the caller must do now. `heard` is a counter that grows with each sign of life,
 * in any unit. `max` is how many questions in a row may remain unanswered: KEEPALIVE_MISSED_MAX
 * or KEEPALIVE_STARTING_MAX. `now_ms` is clock_ms(). The first call after keepalive_init() or
 * keepalive_rest() starts the measurement and returns KEEPALIVE_QUIET. */
enum keepalive_next keepalive_step(struct keepalive *b, unsigned heard, unsigned max,
                                   int64_t now_ms);

/* Pauses the measurement until the next keepalive_step(). The caller uses it in each turn in
 * which it cannot read answers, or has no peer. */
void keepalive_rest(struct keepalive *b);

#endif
