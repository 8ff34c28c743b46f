/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <bearssl.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

_Static_assert(sizeof(struct sha256) >= sizeof(br_sha256_context),
               "struct sha256 must have room for BearSSL's context");
_Static_assert(_Alignof(struct sha256) >= _Alignof(br_sha256_context),
               "struct sha256 must be aligned for BearSSL's context");

_Static_assert(sizeof(struct sha512) >= sizeof(br_sha512_context),
               "struct sha512 must have room for BearSSL's context");
_Static_assert(_Alignof(struct sha512) >= _Alignof(br_sha512_context),
               "struct sha512 must be aligned for BearSSL's context");

static const char digits[] = "0123456789abcdef";

static void to_hex(const unsigned char *bytes, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

void sha256_init(struct sha256 *h)
{
    br_sha256_context ctx;

    br_sha256_init(&ctx);
    memcpy(h, &ctx, sizeof(ctx));
}

void sha256_add(struct sha256 *h, const void *p, size_t len)
{
    br_sha256_context ctx;

    memcpy(&ctx, h, sizeof(ctx));
    br_sha256_update(&ctx, p, len);
    memcpy(h, &ctx, sizeof(ctx));
}

void sha256_hex(const struct sha256 *h, char out[SHA256_HEX])
{
    unsigned char sum[SHA256_SIZE];
    br_sha256_context ctx;

    memcpy(&ctx, h, sizeof(ctx));
    br_sha256_out(&ctx, sum);
    to_hex(sum, sizeof(sum), out);
}

void sha1_hex(struct str s, char out[SHA1_HEX])
{
    unsigned char sum[br_sha1_SIZE];
    br_sha1_context ctx;

    br_sha1_init(&ctx);
    br_sha1_update(&ctx, s.p, s.len);
    br_sha1_out(&ctx, sum);
    to_hex(sum, sizeof(sum), out);
}

void sha512_init(struct sha512 *h)
{
    br_sha512_context ctx;

    br_sha512_init(&ctx);
    memcpy(h, &ctx, sizeof(ctx));
}

void sha512_add(struct sha512 *h, const void *p, size_t len)
{
    br_sha512_context ctx;

    memcpy(&ctx, h, sizeof(ctx));
    br_sha512_update(&ctx, p, len);
    memcpy(h, &ctx, sizeof(ctx));
}

void sha512_sum(const struct sha512 *h, unsigned char out[SHA512_SIZE])
{
    br_sha512_context ctx;

    memcpy(&ctx, h, sizeof(ctx));
    br_sha512_out(&ctx, out);
}

uint64_t hash_fnv1a(struct str s)
{
    uint64_t h = 0xcbf29ce484222325U;

    for (size_t i = 0; i < s.len; i++) {
        h ^= (unsigned char)s.p[i];
        (void)__builtin_mul_overflow(h, 0x100000001b3U, &h); /* the product modulo 2^64 */
    }
    return h;
}

int random_hex(char *out, size_t hex_len, struct err *e)
{
    size_t filled = 0;

    while (filled < hex_len) {
        ssize_t got = getrandom(out + filled, hex_len - filled, 0);

        if (got < 0 && errno != EINTR) {
            return err_sys(e, "get random bytes");
        }
        filled += got > 0 ? (size_t)got : 0;
    }
    for (size_t i = 0; i < hex_len; i++) {
        out[i] = digits[(unsigned char)out[i] & 15];
    }
    out[hex_len] = '\0';
    return 0;
}
