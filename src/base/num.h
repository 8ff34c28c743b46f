/* SPDX-License-Identifier: MIT */
/* Checked arithmetic, and numbers as text and bytes. Numbers from outside enter the program
 * here. Pure. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Set *out to the result. Return false, with *out unchanged, if it overflows. */
bool size_add(size_t a, size_t b, size_t *out);
bool size_mul(size_t a, size_t b, size_t *out);
bool u64_add(uint64_t a, uint64_t b, uint64_t *out);

/* Parses the whole of s as an unsigned number in `base` (2 to 16): at least one digit and only
 * digits, no sign, prefix or blanks, at most `max`. Returns false, with *out unchanged, if s is
 * anything else. */
bool str_u64(struct str s, unsigned base, uint64_t max, uint64_t *out);

/* Writes n to the four bytes at out, the most significant byte first, or reads such a number.
 * Neither needs an aligned address. */
void be32_put(void *out, uint32_t n);
uint32_t be32_get(const void *in);

#endif
