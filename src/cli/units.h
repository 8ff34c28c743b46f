/* SPDX-License-Identifier: MIT */
/* Amounts as people read them. Each function writes to `out` and returns it. Pure. */
#ifndef CLI_UNITS_H
#define CLI_UNITS_H

#include <stdint.h>

enum { UNITS_MAX = 32 };

/* "1.7 GB", "213 MB", "0 B": in steps of a thousand, as engines do it; cut, not rounded. */
const char *units_bytes(uint64_t n, char out[UNITS_MAX]);

/* "56.3 of 124.4 MB", both in the unit of the total; rounded. */
const char *units_part(uint64_t bytes, uint64_t total, char out[UNITS_MAX]);

/* "3.1 s": whole seconds and tenths, cut. `ms` is not negative. */
const char *units_seconds(int64_t ms, char out[UNITS_MAX]);

/* "45s", "1m05s", "2h05m", "3d4h". Negative: "0s". */
const char *units_time(int64_t seconds, char out[UNITS_MAX]);

#endif
