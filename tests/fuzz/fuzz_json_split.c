/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/json.h"

#include <stdlib.h>

/* Properties: each call makes progress, and every split gives the same ends of values. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct json_split s = {0};

    while (in.len > 0 && !s.failed) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);
        bool complete = false;
        size_t n = json_split_scan(&s, piece, &complete);

        if (n == 0 || n > piece.len) {
            abort();
        }
        if (!s.failed) {
            (void)buf_add(out, in.p, n);
            (void)buf_add_c(out, complete ? "|" : "");
        }
        in = str_drop(in, n);
    }
    if (s.failed) {
        buf_reset(out);
        (void)buf_add_c(out, "failed");
    }
}
