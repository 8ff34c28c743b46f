/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "base/num.h"
#include "base/secret.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256 };

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_reset(struct buf *b)
{
    b->head = 0;
    b->len = 0;
    b->overflowed = false;
}

void buf_release(struct buf *b)
{
    size_t max = b->max;

    free(b->mem);
    buf_init(b, max);
}

void buf_wipe(struct buf *b)
{
    if (b->mem != NULL) {
        secret_wipe(b->mem, b->cap);
    }
    buf_release(b);
}

/* Makes room for `len` more bytes and a NUL behind the content. Moves the content to the front
 * of the storage if it fits there without overlap, otherwise allocates twice the storage. */
static bool make_room(struct buf *b, size_t len)
{
    size_t need;
    size_t cap;

    if (b->overflowed || !size_add(b->len, len, &need) || need > b->max ||
        !size_add(need, 1, &need)) {
        b->overflowed = true;
        return false;
    }
    if (b->cap >= need && b->cap - b->head >= need) {
        return true;
    }
    if (b->cap >= need && b->head >= b->len) {
        memcpy(b->mem, b->mem + b->head, b->len);
        b->head = 0;
        return true;
    }
    for (cap = b->cap < FIRST_CAP ? FIRST_CAP : b->cap; cap < need;) {
        if (!size_mul(cap, 2, &cap)) {
            cap = need;
        }
    }
    /* The storage is large enough but mostly in use. Double it here too: moving the content
     * within it would be repeated after every few bytes. */
    if (cap == b->cap && !size_mul(cap, 2, &cap)) {
        cap = need;
    }
    char *mem = malloc(cap);

    if (mem == NULL) {
        (void)fputs("cco: out of memory\n", stderr);
        abort();
    }
    if (b->len > 0) {
        memcpy(mem, b->mem + b->head, b->len);
    }
    free(b->mem);
    b->mem = mem;
    b->head = 0;
    b->cap = cap;
    return true;
}

char *buf_reserve(struct buf *b, size_t len)
{
    return make_room(b, len) ? b->mem + b->head + b->len : NULL;
}

void buf_commit(struct buf *b, size_t len)
{
    assert(b->head + b->len + len < b->cap);
    b->len += len;
}

int buf_add(struct buf *b, const void *p, size_t len)
{
    char *at = buf_reserve(b, len);

    if (at == NULL) {
        return -1;
    }
    if (len > 0) {
        memcpy(at, p, len);
        b->len += len;
    }
    return 0;
}

int buf_add_str(struct buf *b, struct str s)
{
    return buf_add(b, s.p, s.len);
}

int buf_add_c(struct buf *b, const char *s)
{
    return buf_add(b, s, strlen(s));
}

int buf_add_byte(struct buf *b, unsigned char c)
{
    return buf_add(b, &c, 1);
}

int buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    char *at;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    at = len < 0 ? NULL : buf_reserve(b, (size_t)len);
    if (at == NULL) {
        b->overflowed = true;
        return -1;
    }
    va_start(ap, fmt);
    (void)vsnprintf(at, (size_t)len + 1, fmt, ap); /* make_room() leaves room for the NUL */
    va_end(ap);
    b->len += (size_t)len;
    return 0;
}

void buf_drop(struct buf *b, size_t len)
{
    assert(len <= b->len);
    b->len -= len;
    b->head = b->len == 0 ? 0 : b->head + len;
}

const char *buf_data(const struct buf *b)
{
    return b->mem == NULL ? "" : b->mem + b->head;
}

struct str buf_str(const struct buf *b)
{
    return str_n(buf_data(b), b->len);
}

size_t buf_room(const struct buf *b)
{
    return b->overflowed ? 0 : b->max - b->len;
}

const char *buf_c(struct buf *b)
{
    if (b->len >= b->max || !make_room(b, 0)) {
        b->overflowed = true;
        return NULL;
    }
    b->mem[b->head + b->len] = '\0';
    return b->mem + b->head;
}
