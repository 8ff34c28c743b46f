/* SPDX-License-Identifier: MIT */
#include "wire/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window bits: the header is gzip's */

void gunzip_init(struct gunzip *g)
{
    *g = (struct gunzip){.stream = NULL};
}

void gunzip_release(struct gunzip *g)
{
    if (g->stream != NULL) {
        (void)inflateEnd(g->stream);
        free(g->stream);
    }
    gunzip_init(g);
}

static int fail(struct gunzip *g, const char *why, struct err *e)
{
    g->failed = true;
    return err_set(e, ERR_FORMAT, "gzip: %s", why);
}

static z_stream *open_stream(struct gunzip *g)
{
    z_stream *z = g->stream;

    if (z == NULL) {
        z = calloc(1, sizeof(*z));
        if (z == NULL || inflateInit2(z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
            abort(); /* out of memory */
        }
        g->stream = z;
    }
    return z;
}

static unsigned at_most(size_t len)
{
    return len < UINT_MAX ? (unsigned)len : UINT_MAX;
}

int gunzip_in(struct gunzip *g, struct str in, size_t *used, char *out, size_t room,
              size_t *made, struct err *e)
{
    z_stream *z = open_stream(g);
    int rc;

    *used = 0;
    *made = 0;
    if (g->failed) {
        return fail(g, "it had failed before", e);
    }
    if (g->ended) {
        return in.len > 0 ? fail(g, "bytes follow its end", e) : 0;
    }
    /* zlib does not change the input; its type lacks the const only without ZLIB_CONST. */
    memcpy(&z->next_in, &in.p, sizeof(in.p));
    z->avail_in = at_most(in.len);
    z->next_out = (unsigned char *)out;
    z->avail_out = at_most(room);
    rc = inflate(z, Z_NO_FLUSH);
    *used = at_most(in.len) - z->avail_in;
    *made = at_most(room) - z->avail_out;
    if (rc == Z_MEM_ERROR) {
        abort();
    }
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
        return fail(g, z->msg != NULL ? z->msg : "malformed", e);
    }
    g->ended = rc == Z_STREAM_END;
    return 0;
}
