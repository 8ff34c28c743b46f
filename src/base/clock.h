/* SPDX-License-Identifier: MIT */
/* Time: deadlines are absolute and monotonic. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds and microseconds since some fixed point; never goes back. CLOCK_MONOTONIC. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* Seconds since 1970. CLOCK_REALTIME. */
int64_t clock_wall(void);

/* The earlier of two deadlines, or the shorter of two timeouts; -1 is none. */
int64_t clock_earlier(int64_t a, int64_t b);

/* What poll(2) wants for an absolute deadline: 0 when passed, -1 for a negative deadline
 * (none), else the milliseconds left. */
int clock_poll_timeout(int64_t deadline_ms);

#endif
