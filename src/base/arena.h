/* SPDX-License-Identifier: MIT */
/* One lifetime for everything a command computes before it runs: options, facts, plan. Memory
 * is zeroed, aligned for any type, and returned all at once. Never used in a loop that lasts as
 * long as a session. Out of memory aborts. Pure. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
};

void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));
void *arena_array(struct arena *a, size_t count, size_t size) /* aborts on overflow */
    __attribute__((returns_nonnull));
char *arena_strdup(struct arena *a, const char *s);
char *arena_str(struct arena *a, struct str s); /* NUL-terminated copy */
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
void arena_release(struct arena *a);

#endif
