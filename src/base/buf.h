/* SPDX-License-Identifier: MIT */
/* A growing byte buffer with a hard maximum. It is also used as a queue: bytes are added at the
 * end and dropped at the front. A call that would exceed the maximum fails, sets `overflowed`
 * and adds nothing. Every later call that adds or reserves fails as well, until buf_reset() or
 * buf_release(), so a writer may check `overflowed` once at the end. Running out of memory
 * aborts the program.
 * The buffer owns its storage. Pointers into it are valid until the next call of a buf_add
 * function, buf_reserve() or buf_c(), each of which can move the storage. Pure. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
    char *mem;   /* storage; NULL before the first call that adds or reserves */
    size_t head; /* offset of the content in mem; buf_drop() increases it */
    size_t len;  /* bytes of content, from mem + head */
    size_t cap;  /* allocated bytes at mem */
    size_t max;  /* maximum of len, in bytes */
    bool overflowed;
};

void buf_init(struct buf *b, size_t max); /* allocates nothing */
void buf_reset(struct buf *b);            /* drops the content and clears `overflowed` */

/* Frees the storage and sets the initial state; `max` stays. */
void buf_release(struct buf *b);

/* Overwrites the storage with zeros and then releases it, for a buffer that held a secret. A
 * buffer that grows frees its old storage without wiping it, so reserve the whole size with
 * buf_reserve() before a secret is added. */
void buf_wipe(struct buf *b);

/* These functions add a copy of the bytes at the end. They return 0 on success. If the content
 * would exceed the maximum, they return -1, set `overflowed` and leave the content
 * unchanged. */
int buf_add(struct buf *b, const void *p, size_t len);
int buf_add_str(struct buf *b, struct str s);
int buf_add_c(struct buf *b, const char *s); /* without its NUL */
int buf_add_byte(struct buf *b, unsigned char c);
int buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for at least `len` more bytes and returns a pointer to it, behind the content. The
 * caller fills the room and then calls buf_commit() with the number of bytes that it wrote.
 * Returns NULL and sets `overflowed` if `len` more bytes would exceed the maximum. */
char *buf_reserve(struct buf *b, size_t len);
void buf_commit(struct buf *b, size_t len);

/* Removes the first `len` bytes; `len` must not exceed b->len. */
void buf_drop(struct buf *b, size_t len);

const char *buf_data(const struct buf *b); /* never NULL; not NUL-terminated */
struct str buf_str(const struct buf *b);   /* all of the content */
size_t buf_room(const struct buf *b);      /* bytes that may still be added; 0 if overflowed */

/* Returns the content with a NUL behind it, which `len` does not count. Returns NULL and sets
 * `overflowed` if the content already has `max` bytes: the maximum must leave room for the
 * NUL. */
const char *buf_c(struct buf *b);

#endif
