/* SPDX-License-Identifier: MIT */
/* Bytes that must not outlive their use. Their memory is overwritten with zeros before it is
 * freed. A secret never appears in an argument list, in the plan or in a log. These functions
 * do no I/O; running out of memory aborts the program. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* The initial state is {0}. */
struct secret {
    /* The bytes, with a NUL behind them; owned. NULL in the initial state and after
     * secret_release(); secret_set() with an empty text stores a pointer to "". */
    char *p;
    size_t len; /* without that NUL */
};

/* Stores a copy of `bytes` in s. The previous content is wiped and freed. */
void secret_set(struct secret *s, struct str bytes);

/* Wipes and frees the content. Accepts an empty s. */
void secret_release(struct secret *s);

/* Overwrites `len` bytes at `p` with zeros. The compiler cannot remove this as a dead store. */
void secret_wipe(void *p, size_t len);

/* Returns true if a and b are equal. The time that this takes may depend on the lengths, but
 * not on the position of the first difference. */
bool secret_equal(struct str a, struct str b);

#endif
