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

/* Lets zlib decompress. Sets *used and out->made as gunzip_in() does. */
static int decompress(struct gunzip *g, struct str in, size_t *used, struct gunzip_out *out)
{
    z_stream *z = open_stream(g);
    int rc;

    /* zlib does not change the input; its type lacks the const only without ZLIB_CONST. */
    memcpy(&z->next_in, &in.p, sizeof(in.p));
    z->avail_in = at_most(in.len);
    z->next_out = (unsigned char *)out->p;
    z->avail_out = at_most(out->room);
    rc = inflate(z, Z_NO_FLUSH);
    if (rc == Z_MEM_ERROR) {
        abort();
    }
    *used = at_most(in.len) - z->avail_in;
    out->made = at_most(out->room) - z->avail_out;
    return rc;
}

int gunzip_in(struct gunzip *g, struct str in, size_t *used, struct gunzip_out *out,
              struct err *e)
{
    int rc;

    *used = 0;
    out->made = 0;
    if (g->failed) {
        return fail(g, "it had failed before", e);
    }
    if (g->ended) {
        return in.len > 0 ? fail(g, "bytes follow its end", e) : 0;
    }
    rc = decompress(g, in, used, out);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
        return fail(g, "malformed", e);
    }
    g->ended = rc == Z_STREAM_END;
    return 0;
}
