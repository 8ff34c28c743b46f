/* SPDX-License-Identifier: MIT */
/* The members of a checked JSON object, to be found by key in O(log n) however many there are, and an upper bound
 * on how many a hostile text may make us hold. Pure. */
#ifndef WIRE_JSONMEMBERS_H
#define WIRE_JSONMEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "wire/json.h"

struct member {
    struct str key; /* unescaped */
    struct json raw_key;
    struct json value;
    bool twice; /* its key stands in the object again */
    bool last;  /* of those that have its key */
};

/* As written, and sorted by key. */
struct members {
    struct member *list;
    struct member **sorted;
    size_t count;
};

/* Counts the items or members of v and takes them off *budget; false, with *budget as it was, where they are more. */
bool json_count(struct json v, size_t *budget, size_t *count);

/* The members of v; of anything but an object: none. The lists and the keys that had to be unescaped are in the
 * arena, the rest are views into the text. Each member is taken off *budget; false where they are more, *out is
 * empty then. */
bool json_members(struct json v, struct arena *a, size_t *budget, struct members *out);

/* The last member of that key, which is the one that counts in JavaScript; NULL where there is none. */
const struct member *json_member(const struct members *all, struct str key);

#endif
