/* SPDX-License-Identifier: MIT */
/* Packages for unit tests: a tar archive in the form of gzip, without compression. */
#ifndef TESTS_NPM_PACKAGE_H
#define TESTS_NPM_PACKAGE_H

#include <stdlib.h>

#include "wire/tar.h"

static uint32_t package_crc(struct str s)
{
    uint32_t crc = 0xffffffffU;

    for (size_t i = 0; i < s.len; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0);
        }
    }
    return ~crc;
}

static void package_le(struct buf *out, uint32_t n, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        (void)buf_add_byte(out, (unsigned char)(n >> (8 * i)));
    }
}

/* Adds the gzip form of `in`, which has fewer than 65536 bytes. */
static void package_gzip(struct str in, struct buf *out)
{
    static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1};

    if (in.len > UINT16_MAX) {
        abort();
    }
    (void)buf_add(out, head, sizeof(head));
    package_le(out, (uint32_t)in.len, 2);
    package_le(out, ~(uint32_t)in.len, 2);
    (void)buf_add_str(out, in);
    package_le(out, package_crc(in), 4);
    package_le(out, (uint32_t)in.len, 4);
}

/* Adds a file to the archive. */
static void package_file(struct tar_w *t, const char *path, const char *content)
{
    const struct tar_entry entry = {
        .type = TAR_FILE, .path = str_c(path), .size = str_c(content).len, .mode = 0644};
    struct err e = {0};

    if (tar_w_entry(t, &entry, &e) < 0 || tar_w_data(t, content, str_c(content).len, &e) < 0) {
        abort();
    }
}

#endif
