/* SPDX-License-Identifier: MIT */
/* When two JSON values are the same, and two changed copies of one array made into one. Pure. */
#ifndef WIRE_JSONJOIN_H
#define WIRE_JSONJOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wire/json.h"

bool json_same(struct json a, struct json b); /* JSON_NONE is the same as JSON_NONE only */

enum json_joined { JSON_JOIN_MANY = -1, JSON_JOIN_NOTHING, JSON_JOIN_DONE };

/* Adds ours, an array, with those items of theirs that neither base nor ours has: in front, where they stand before
 * all others in theirs, else at the end. NOTHING where there are none, nothing added then. Every item that is
 * looked at is taken off *budget; MANY where they are more. `out` is sized up front, so that nothing of it stays
 * elsewhere. Takes O(n log n). */
enum json_joined json_join(struct json base, struct json ours, struct json theirs,
                           size_t *budget, struct buf *out);

#endif
