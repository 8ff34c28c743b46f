/* SPDX-License-Identifier: MIT */
#include "wire/base64.h"

#include <string.h>

static const char alphabet[2][65] = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

int base64_encode(struct str in, bool url, struct buf *out)
{
    const char *digits = alphabet[url ? 1 : 0];

    while (in.len > 0) {
        unsigned char b[3] = {0};
        size_t n = in.len < 3 ? in.len : 3;
        char quad[4];

        memcpy(b, in.p, n);
        quad[0] = digits[b[0] >> 2];
        quad[1] = digits[(b[0] & 3U) << 4 | b[1] >> 4];
        quad[2] = n > 1 ? digits[(b[1] & 15U) << 2 | b[2] >> 6] : '=';
        quad[3] = n > 2 ? digits[b[2] & 63U] : '=';
        if (buf_add(out, quad, sizeof(quad)) < 0) {
            return -1;
        }
        in = str_drop(in, n);
    }
    return 0;
}

static int digit(char c, bool url)
{
    const char *found = c == '\0' ? NULL : strchr(alphabet[url ? 1 : 0], c);

    return found == NULL ? -1 : (int)(found - alphabet[url ? 1 : 0]);
}

/* Decodes a group of four characters into b; only the last group may be padded. Returns the
 * number of bytes, 1 to 3, and 0 if the characters are not such a group. */
static size_t decode_quad(const char *p, bool last, bool url, unsigned char b[3])
{
    size_t len = p[3] != '=' ? 3 : p[2] != '=' ? 2 : 1;
    unsigned v = 0;

    if (len < 3 && !last) {
        return 0;
    }
    for (size_t i = 0; i < 4; i++) {
        int d = i > len ? 0 : digit(p[i], url);

        if (d < 0) {
            return 0;
        }
        v = v << 6 | (unsigned)d;
    }
    if ((v & (0xffffffU >> (8 * len))) != 0) {
        return 0; /* bits that belong to no byte */
    }
    b[0] = (unsigned char)(v >> 16);
    b[1] = (unsigned char)(v >> 8 & 0xff);
    b[2] = (unsigned char)(v & 0xff);
    return len;
}

int base64_decode(struct str in, bool url, struct buf *out, struct err *e)
{
    if (in.len % 4 != 0) {
        return err_set(e, ERR_FORMAT, "base64 of %zu characters is incomplete", in.len);
    }
    while (in.len > 0) {
        unsigned char b[3] = {0};
        size_t n = decode_quad(in.p, in.len == 4, url, b);

        if (n == 0) {
            return err_set(e, ERR_FORMAT, "malformed base64, %zu characters before its end",
                           in.len);
        }
        if (buf_add(out, b, n) < 0) {
            return err_set(e, ERR_LIMIT, "base64 is past the limit of %zu bytes", out->max);
        }
        in = str_drop(in, 4);
    }
    return 0;
}
