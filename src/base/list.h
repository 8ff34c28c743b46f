/* SPDX-License-Identifier: MIT */
/* A growing list of C strings that lives in an arena. v is always NULL-terminated once
 * something was added, so it serves as an argv. The strings themselves are not copied. Pure. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct strv {
    const char **v;
    size_t count;
    size_t cap;
};

void strv_add(struct strv *l, struct arena *a, const char *s);
bool strv_has(const struct strv *l, const char *s);
void strv_sort(struct strv *l); /* byte-wise, as LC_ALL=C does */

/* Returns the strings as "a", "a or b" or "a, b or c", in the arena. */
const char *strv_or(const struct strv *l, struct arena *a);

/* A growing array of any element type inside an arena: returns the (possibly moved) array with
 * room for one more element behind `count`; doubles *cap as needed. */
void *list_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t item_size);

#endif
