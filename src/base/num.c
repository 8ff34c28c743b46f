/* SPDX-License-Identifier: MIT */
#include "base/num.h"

bool size_add(size_t a, size_t b, size_t *out)
{
    size_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

bool size_mul(size_t a, size_t b, size_t *out)
{
    size_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

bool u64_add(uint64_t a, uint64_t b, uint64_t *out)
{
    uint64_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

static unsigned digit(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (unsigned)(c - 'A') + 10;
    }
    return 16;
}

bool str_u64(struct str s, unsigned base, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (s.len == 0) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = digit(s.p[i]);

        if (d >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)d, &n) || n > max) {
            return false;
        }
    }
    *out = n;
    return true;
}

void be32_put(void *out, uint32_t n)
{
    unsigned char *p = out;

    p[0] = (unsigned char)(n >> 24);
    p[1] = (unsigned char)(n >> 16 & 0xff);
    p[2] = (unsigned char)(n >> 8 & 0xff);
    p[3] = (unsigned char)(n & 0xff);
}

uint32_t be32_get(const void *in)
{
    const unsigned char *p = in;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
