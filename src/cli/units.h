/* SPDX-License-Identifier: MIT */
/* Writes sizes and times for people. Each function writes to `out` and returns it. Pure. */
#ifndef CLI_UNITS_H
#define CLI_UNITS_H

#include <stdint.h>

enum { UNITS_MAX = 32 }; /* bytes of a result, with the NUL */

/* Writes a number of bytes as "1.7 GB", "213 MB" or "0 B". Units are powers of 1000, as in the
 * output of engines. Digits are cut, not rounded. */
const char *units_bytes(uint64_t n, char out[UNITS_MAX]);

/* Writes two numbers of bytes as "56.3 of 124.4 MB", both in the unit of the total, rounded to
 * tenths. */
const char *units_part(uint64_t bytes, uint64_t total, char out[UNITS_MAX]);

/* Writes milliseconds as "3.1 s", cut to tenths of a second. `ms` must not be negative. */
const char *units_seconds(int64_t ms, char out[UNITS_MAX]);

/* Writes seconds as "45s", "1m05s", "2h05m" or "3d4h". A negative number gives "0s". */
const char *units_time(int64_t seconds, char out[UNITS_MAX]);

#endif
