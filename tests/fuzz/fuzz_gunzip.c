/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/gunzip.h"

#include <stdlib.h>

enum { ROOM = 64, CONTENT_MAX = 1 << 16 };

/* Properties: each call makes progress, and takes and writes no more than it may. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    char bytes[ROOM];
    struct gunzip_out content = {.p = bytes, .room = ROOM};
    struct gunzip g;
    struct err e = {0};
    size_t total = 0;
    int rc = 0;

    gunzip_init(&g);
    while (rc == 0 && total < CONTENT_MAX && (in.len > 0 || content.made == ROOM)) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);
        size_t used = 0;

        rc = gunzip_in(&g, piece, &used, &content, &e);
        if (used > piece.len || content.made > ROOM) {
            abort();
        }
        if (rc == 0 && piece.len > 0 && used == 0 && content.made == 0) {
            abort(); /* no progress */
        }
        (void)buf_add(out, bytes, content.made);
        total += content.made;
        in = str_drop(in, used);
    }
    (void)buf_add_c(out, rc < 0 ? " failed" : g.ended ? " ended" : " more");
    gunzip_release(&g);
}
