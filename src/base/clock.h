/* SPDX-License-Identifier: MIT */
/* Time. Every deadline in cco is an absolute time of clock_ms(). No function here blocks or
 * fails. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Return the milliseconds or microseconds since a fixed point in the past. These times never go
 * back. CLOCK_MONOTONIC. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* Returns the seconds since the start of 1970 (UTC). CLOCK_REALTIME. */
int64_t clock_wall(void);

/* Returns the smaller of two deadlines or of two timeouts. A negative number means "none", so
 * the other one is returned. */
int64_t clock_earlier(int64_t a, int64_t b);

/* Returns the timeout argument of poll(2) for an absolute deadline: the milliseconds that are
 * left, 0 if the deadline has passed, and -1 if it is negative (no deadline). */
int clock_poll_timeout(int64_t deadline_ms);

#endif
