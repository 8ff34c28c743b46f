/* SPDX-License-Identifier: MIT */
/* stdcopy_in(): the same payload on the same streams, whatever the pieces. */
#include "fuzz.h"

#include "wire/stdcopy.h"

#include <stdlib.h>

static int feed(struct stdcopy *s, struct str piece, struct buf *out)
{
    while (piece.len > 0) {
        struct err e = {0};
        struct str data = {0};
        size_t used = 0;

        if (stdcopy_in(s, piece, &used, &data, &e) < 0) {
            return -1;
        }
        if (used == 0 || used > piece.len) {
            abort();
        }
        if (data.len > 0 && (data.p < piece.p || data.p + data.len != piece.p + used)) {
            abort();
        }
        for (size_t i = 0; i < data.len; i++) {
            (void)buf_add_byte(out, (unsigned char)('0' + (int)s->stream));
            (void)buf_add_byte(out, (unsigned char)data.p[i]);
        }
        piece = str_drop(piece, used);
    }
    return 0;
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct stdcopy s;
    int rc = 0;

    stdcopy_init(&s);
    while (in.len > 0 && rc == 0) {
        size_t n = in.len < step ? in.len : step;

        rc = feed(&s, str_n(in.p, n), out);
        in = str_drop(in, n);
    }
    if (rc < 0) {
        struct err e = {0};
        struct str data = {0};
        size_t used = 0;

        if (stdcopy_in(&s, str_c("x"), &used, &data, &e) == 0 || used > 0 || data.len > 0) {
            abort(); /* once failed, it stays failed */
        }
        (void)buf_add_c(out, "\nfailed");
    } else {
        (void)buf_add_c(out, stdcopy_at_boundary(&s) ? "\nclean" : "\ncut");
    }
}
