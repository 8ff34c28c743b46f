/* SPDX-License-Identifier: MIT */
/* SHA-1, SHA-256 and SHA-512 (FIPS 180-4) by BearSSL, the FNV-1a hash, and random digits. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 65, SHA512_SIZE = 64, SHA1_HEX = 41 };

struct sha256 {
    uint64_t state[16]; /* storage of BearSSL's context; hash.c asserts that it fits */
};

/* A hash starts with sha256_init(), which holds no resources. sha256_hex() writes the digest of
 * all bytes added so far as lower-case hex digits and a NUL; more bytes may be added
 * afterwards. */
void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t len);
void sha256_hex(const struct sha256 *h, char out[SHA256_HEX]);

struct sha512 {
    uint64_t state[28]; /* storage of BearSSL's context; hash.c asserts that it fits */
};

/* The same as the functions above, for SHA-512. sha512_sum() writes the digest as bytes. */
void sha512_init(struct sha512 *h);
void sha512_add(struct sha512 *h, const void *p, size_t len);
void sha512_sum(const struct sha512 *h, unsigned char out[SHA512_SIZE]);

/* Writes the SHA-1 of s as lower-case hex digits and a NUL. It is only for names that others
 * have chosen by it, because an attacker can make texts with the same hash. */
void sha1_hex(struct str s, char out[SHA1_HEX]);

/* Returns the 64-bit FNV-1a hash of s. It is fast and not cryptographic: an attacker can choose
 * texts with the same hash. Source: Fowler, Noll and Vo, draft-eastlake-fnv. */
uint64_t hash_fnv1a(struct str s);

/* Writes `hex_len` random lower-case hex digits and a NUL to `out`, which has room for hex_len
 * + 1 bytes. Returns 0 on success and -1 on error (ERR_SYS). Blocks only while the kernel's
 * random source is not yet initialized after boot. getrandom(2). */
int random_hex(char *out, size_t hex_len, struct err *e);

#endif
