/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) by BearSSL, the FNV-1a hash, and random bytes. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 65 };

struct sha256 {
    uint64_t state[16]; /* BearSSL's context; hash.c asserts that it fits */
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t len);
void sha256_hex(const struct sha256 *h,
                char out[SHA256_HEX]); /* lower case, NUL; h may go on */

/* Returns the 64-bit FNV-1a hash of s. It is fast and not cryptographic: an attacker can choose
 * texts with the same hash. Source: Fowler, Noll and Vo, draft-eastlake-fnv. */
uint64_t hash_fnv1a(struct str s);

/* `hex_len` random lower-case hex digits and a NUL, from getrandom(2). */
int random_hex(char *out, size_t hex_len, struct err *e);

#endif
