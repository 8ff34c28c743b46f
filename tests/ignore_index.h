/* SPDX-License-Identifier: MIT */
/* Writes index files as git does (gitformat-index(5)), for tests. */
#ifndef TESTS_IGNORE_INDEX_H
#define TESTS_IGNORE_INDEX_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "sync/ignore_index.h"
#include "tmpdir.h"

struct index_file {
    struct buf out; /* the file */
    unsigned version;
    size_t hash_size; /* bytes of an object name */
    char last[256];   /* the preceding name, for version 4 */
};

__attribute__((unused)) static void put32(struct buf *b, uint32_t n)
{
    const unsigned char bytes[] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16),
                                   (unsigned char)(n >> 8), (unsigned char)n};

    (void)buf_add(b, bytes, 4);
}

/* Starts a file for this number of entries. */
__attribute__((unused)) static void index_begin(struct index_file *x, unsigned version,
                                                size_t hash_size, uint32_t entries)
{
    *x = (struct index_file){.version = version, .hash_size = hash_size};
    buf_init(&x->out, 1 << 20);
    (void)buf_add_c(&x->out, "DIRC");
    put32(&x->out, version);
    put32(&x->out, entries);
}

/* Adds an entry. In version 4 it has only the part of the name that differs from the preceding
 * name. Names are shorter than 16 KiB. */
__attribute__((unused)) static void index_add(struct index_file *x, const char *name)
{
    static const char zeros[80];
    size_t start = x->out.len;
    size_t len = strlen(name);
    size_t common = 0;
    size_t drop;
    unsigned flags = len < 0xfff ? (unsigned)len : 0xfff;
    bool extended = x->version == 3;

    flags |= extended ? 1U << 14 : 0U;
    (void)buf_add(&x->out, zeros, 40 + x->hash_size);
    (void)buf_add_byte(&x->out, (unsigned char)(flags >> 8));
    (void)buf_add_byte(&x->out, (unsigned char)flags);
    (void)buf_add(&x->out, zeros, extended ? 2 : 0);
    if (x->version < 4) {
        (void)buf_add(&x->out, name, len);
        (void)buf_add(&x->out, zeros, 8 - (x->out.len - start) % 8);
        return;
    }
    while (name[common] != '\0' && name[common] == x->last[common]) {
        common++;
    }
    drop = strlen(x->last) - common;
    if (drop > 127) {
        (void)buf_add_byte(&x->out, (unsigned char)(128 | ((drop >> 7) - 1)));
    }
    (void)buf_add_byte(&x->out, (unsigned char)(drop & 127));
    (void)buf_add(&x->out, name + common, len - common + 1);
    (void)snprintf(x->last, sizeof(x->last), "%s", name);
}

/* Adds an extension. `name` has four bytes. */
__attribute__((unused)) static void index_extension(struct index_file *x, const char *name,
                                                    const void *p, size_t len)
{
    (void)buf_add_c(&x->out, name);
    put32(&x->out, (uint32_t)len);
    (void)buf_add(&x->out, p, len);
}

/* Adds the checksum, which is 0 because the reader does not check it. Returns the file, which
 * index_begin() has allocated. */
__attribute__((unused)) static struct str index_end(struct index_file *x)
{
    static const char zeros[GIT_SHA256_SIZE];

    (void)buf_add(&x->out, zeros, x->hash_size);
    return buf_str(&x->out);
}

/* Writes an index with these names to a file in the test's directory. */
__attribute__((unused)) static void put_index(const char *path, const char *const *names,
                                              uint32_t count)
{
    struct index_file x;
    struct str file;
    FILE *f = fopen(in_tmp(path), "we");

    index_begin(&x, 2, GIT_SHA1_SIZE, count);
    for (uint32_t i = 0; i < count; i++) {
        index_add(&x, names[i]);
    }
    file = index_end(&x);
    if (f == NULL || fwrite(file.p, 1, file.len, f) != file.len || fclose(f) != 0) {
        abort();
    }
    buf_release(&x.out);
}

#endif
