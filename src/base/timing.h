/* SPDX-License-Identifier: MIT */
/* --timing: how long each step of a session took, printed on stderr at the end. */
#ifndef BASE_TIMING_H
#define BASE_TIMING_H

#include <stddef.h>
#include <stdint.h>

enum { TIMING_MAX = 16 };

struct timing {
    int64_t start_us, last_us;
    size_t count;
    struct {
        const char *step; /* a literal */
        int64_t us;
    } steps[TIMING_MAX];
};

/* Starts the clock; nothing is marked. */
void timing_start(struct timing *t);

/* Assigns the time since the last mark to `step`, a literal. Marks beyond TIMING_MAX are
 * dropped. */
void timing_mark(struct timing *t, const char *step);

/* Prints one line for each step on standard error, "cco: timing: create 7.100 ms", and the time
 * from the start to the last mark. */
void timing_print(const struct timing *t);

#endif
