/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/stdcopy.h"

#include <stdlib.h>

/* Properties: each call makes progress, and the payload is inside the input. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct stdcopy s;
    struct err e = {0};

    stdcopy_init(&s);
    while (in.len > 0) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);
        struct str data;
        size_t used = 0;

        if (stdcopy_in(&s, piece, &used, &data, &e) < 0) {
            (void)buf_add_c(out, "failed");
            return;
        }
        if (used == 0 || used > piece.len ||
            (data.len > 0 && (data.p < piece.p || data.p + data.len > piece.p + used))) {
            abort();
        }
        for (size_t i = 0; i < data.len; i++) {
            (void)buf_addf(out, "%d%c", (int)s.stream, data.p[i]);
        }
        in = str_drop(in, used);
    }
    (void)buf_add_c(out, stdcopy_at_boundary(&s) ? "." : "...");
}
