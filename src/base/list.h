/* SPDX-License-Identifier: MIT */
/* A growing list of C strings in an arena. Once a string was added, `v` ends with a NULL, so
 * that it can serve as an argv. The list stores pointers and does not copy the strings, which
 * must live as long as the list. Pure. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The initial state is {0}. */
struct strv {
    const char **v; /* NULL while the list is empty */
    size_t count;   /* strings, without the NULL at the end */
    size_t cap;     /* allocated members of v */
};

void strv_add(struct strv *l, struct arena *a, const char *s);
bool strv_has(const struct strv *l, const char *s);
void strv_sort(struct strv *l); /* by bytes, in the order of strcmp(3) */

/* Returns the strings with the separator between them, in the arena. Returns "" if the list is
 * empty. */
const char *strv_join(const struct strv *l, const char *separator, struct arena *a);

/* Returns the first `max` strings, and the number of the others: "a, b and 4 more". */
const char *strv_some(const struct strv *l, size_t max, struct arena *a);

/* Returns the strings as "a", "a or b" or "a, b or c", in the arena. Returns "" if the list is
 * empty. */
const char *strv_or(const struct strv *l, struct arena *a);

/* Makes room for one more element in an array of any element type. `items` (NULL if *cap is 0)
 * has `count` elements in use and room for *cap elements of `item_size` bytes. If it is full,
 * the elements are copied to a larger array in the arena and *cap is doubled. Returns the array
 * to use from then on; the elements beyond `count` are zeroed if it was moved. */
void *list_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t item_size);

#endif
