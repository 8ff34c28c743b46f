/* SPDX-License-Identifier: MIT */
/* Measures the steps of a session for the option --timing. */
#ifndef BASE_TIMING_H
#define BASE_TIMING_H

#include <stddef.h>
#include <stdint.h>

enum { TIMING_MAX = 16 };

struct timing {
    int64_t start_us; /* when timing_start() was called; clock_us() */
    int64_t last_us;  /* when the last step ended; clock_us() */
    size_t count;
    struct {
        const char *step; /* a string literal */
        int64_t us;       /* duration of this step */
    } steps[TIMING_MAX];
};

/* Sets the initial state: the first step starts, and no step has ended. */
void timing_start(struct timing *t);

/* Records that the step named `step`, a string literal, ended at this time. It started when the
 * step before it ended. Steps beyond TIMING_MAX are not recorded. */
void timing_mark(struct timing *t, const char *step);

/* Prints one line per step on standard error, "cco: timing: create 7.100 ms", and a last line
 * with the time from timing_start() to the end of the last step. */
void timing_print(const struct timing *t);

#endif
