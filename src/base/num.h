/* SPDX-License-Identifier: MIT */
/* Checked arithmetic, and numbers as text and bytes. Numbers from outside enter the program
 * here. Pure. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* These functions set *out to the result and return true. If the result overflows, they return
 * false and leave *out unchanged. */
bool size_add(size_t a, size_t b, size_t *out);
bool size_mul(size_t a, size_t b, size_t *out);
bool u64_add(uint64_t a, uint64_t b, uint64_t *out);

/* Parses the whole of s as an unsigned number in `base` (2 to 16) and sets *out to it. s must
 * consist of at least one digit, without a sign, prefix or blanks; hexadecimal digits may have
 * either case. Returns true on success. Returns false and leaves *out unchanged if s is
 * anything else or the number exceeds `max`. */
bool str_u64(struct str s, unsigned base, uint64_t max, uint64_t *out);

/* be32_put() writes n to the four bytes at `out`, the most significant byte first. be32_get()
 * reads such a number. Neither function needs an aligned address. */
void be32_put(void *out, uint32_t n);
uint32_t be32_get(const void *in);

#endif
