/* SPDX-License-Identifier: MIT */
/* Decompresses a gzip file (RFC 1952) by zlib, in any split of its input. The file has one
 * member; its length and its CRC-32 are checked. Pure. */
#ifndef WIRE_GUNZIP_H
#define WIRE_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct gunzip {
    void *stream; /* zlib's z_stream; NULL before the first call and after gunzip_release() */
    bool ended;   /* the member is complete and correct */
    bool failed;  /* final */
};

/* Sets the initial state. Allocates nothing. */
void gunzip_init(struct gunzip *g);

/* Frees what zlib holds, and sets the initial state. */
void gunzip_release(struct gunzip *g);

/* The memory that receives the content. */
struct gunzip_out {
    char *p;     /* set by the caller */
    size_t room; /* bytes at p, at least 1; set by the caller */
    size_t made; /* bytes that this call of gunzip_in() has written */
};

/* Takes bytes from the front of `in`, and sets *used to how many. Writes content to *out. The
 * caller calls again with the rest of its input until `in` is empty and out->made is less than
 * out->room. When its input ends, the caller checks g->ended; otherwise the file was cut off.
 * Returns 0 on success, and -1 with ERR_FORMAT on error, also if bytes follow the member. */
int gunzip_in(struct gunzip *g, struct str in, size_t *used, struct gunzip_out *out,
              struct err *e);

#endif
