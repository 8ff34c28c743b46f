/* SPDX-License-Identifier: MIT */
/* Points in time as text in the form of RFC 3339, which engines and JSON documents use.
 * Pure. */
#ifndef WIRE_TIMESTAMP_H
#define WIRE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Reads the whole text s: "2026-11-25T13:12:47.123456789Z", or with an offset such as "+01:30"
 * in place of the Z. The fraction is optional, has any number of digits, and is dropped. Sets
 * *out to seconds since 1970, negative before. Returns true on success. Returns false, with
 * *out unchanged, if s is not such a text, names a day that does not exist, or has the year 0.
 * A leap second (":60") is read as the second after it. */
bool timestamp_read(struct str s, int64_t *out);

enum { TIMESTAMP_SIZE = 24 }; /* the buffer of timestamp_write(), with the NUL */

/* Writes the time `seconds` since 1970 in UTC to out, as a C string: "2026-11-25T13:12:47Z".
 * The time must be in the years 1 to 9999. */
void timestamp_write(int64_t seconds, char out[TIMESTAMP_SIZE]);

#endif
