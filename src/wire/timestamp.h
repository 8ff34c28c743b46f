/* SPDX-License-Identifier: MIT */
/* Points in time as text: RFC 3339, which engines and JSON use. Pure. */
#ifndef WIRE_TIMESTAMP_H
#define WIRE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* "2026-11-25T13:12:47.123456789Z", or with an offset: whole seconds since 1970. False, *out
 * untouched, for what is none. Years from 1 on; a leap second counts as the next one. */
bool timestamp_read(struct str s, int64_t *out);

enum { TIMESTAMP_SIZE = 24 };

/* "2026-11-25T13:12:47Z", for years up to 9999. */
void timestamp_write(int64_t seconds, char out[TIMESTAMP_SIZE]);

#endif
