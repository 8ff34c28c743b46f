/* SPDX-License-Identifier: MIT */
/* A growing byte buffer with a hard maximum, also used as a queue: add at the end, drop at the
 * front. Passing the maximum is an ordinary, sticky failure: `overflowed` is set, nothing is
 * added then or later, and the writer may check once at the end. Out of memory aborts.
 * Pointers into the buffer live until the next call that adds. Pure. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
    char *mem;   /* storage, NULL while nothing was added */
    size_t head; /* bytes dropped at the front of mem */
    size_t len;  /* live bytes, from mem + head */
    size_t cap;
    size_t max; /* len never exceeds it */
    bool overflowed;
};

void buf_init(struct buf *b, size_t max);
void buf_reset(struct buf *b);   /* empty, keep the storage; clears overflowed */
void buf_release(struct buf *b); /* give the storage back; max stays; calling twice is fine */

/* Like buf_release, but the storage is wiped first; for buffers that held a secret. Growth
 * wipes old storage only in buffers filled through a `struct secret`, so size such buffers up
 * front with buf_reserve(). */
void buf_wipe(struct buf *b);

/* Each returns 0, or -1 with overflowed set and the content unchanged. */
int buf_add(struct buf *b, const void *p, size_t len);
int buf_add_str(struct buf *b, struct str s);
int buf_add_c(struct buf *b, const char *s);
int buf_add_byte(struct buf *b, unsigned char c);
int buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for at least `len` more bytes, to be filled and then counted with buf_commit(). NULL
 * with overflowed set past the maximum. */
char *buf_reserve(struct buf *b, size_t len);
void buf_commit(struct buf *b, size_t len);

void buf_drop(struct buf *b, size_t len); /* the first len bytes; len <= b->len */
const char *buf_data(const struct buf *b);
struct str buf_str(const struct buf *b);
size_t buf_room(const struct buf *b); /* how much may still be added */

/* The content as a C string (a NUL is kept behind the content, not counted); the maximum must
 * leave a byte for it. NULL with overflowed set where it does not. */
const char *buf_c(struct buf *b);

#endif
