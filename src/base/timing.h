/* SPDX-License-Identifier: MIT */
/* --timing: how long each step of a start took, told on stderr when everything is over. */
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

void timing_start(struct timing *t);

/* The time since the last mark belongs to `step`. Past TIMING_MAX it is dropped. */
void timing_mark(struct timing *t, const char *step);

/* One line a step, "cco: timing: create 7.1 ms", and the sum. */
void timing_print(const struct timing *t);

#endif
