/* SPDX-License-Identifier: MIT */
/* Memory with one lifetime, for everything that a command computes before it runs: options,
 * facts, plan. The memory is zeroed, aligned for any type, and freed all at once by
 * arena_release(); nothing can be freed on its own. Do not allocate from an arena in a loop
 * that lasts as long as a session. Running out of memory aborts the program, so no function
 * here fails. Pure. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

/* The initial state is {0}. */
struct arena {
    struct arena_block *blocks;
};

/* Returns `size` bytes. A size of 0 is allowed. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));

/* Returns `count` elements of `size` bytes each. Aborts if the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull));

/* These functions return a NUL-terminated copy. arena_strdup() returns "" if s is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_str(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));

/* Frees all memory of the arena. The arena is then in its initial state and can be used
 * again. */
void arena_release(struct arena *a);

#endif
