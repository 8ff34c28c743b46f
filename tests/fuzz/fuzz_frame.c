/* SPDX-License-Identifier: MIT */
/* Reads frames. Properties: each frame makes progress, is inside the input and within the
 * limit, and gives the same bytes when it is encoded again. */
#include "fuzz.h"

#include "wire/frame.h"

#include <stdlib.h>
#include <string.h>

/* Describes a frame that was taken from the bytes at `begin`. */
static void look(struct frame f, const char *begin, struct buf *out)
{
    struct buf again;
    struct err e = {0};
    enum frame_hello kind = FRAME_HELLO_HOST;
    struct frame_exit x = {0};
    struct str rest;
    unsigned rows = 0;
    unsigned cols = 0;
    size_t n = 0;

    buf_init(&again, FRAME_HEAD + FRAME_MAX);
    if (f.payload.len > FRAME_MAX ||
        frame_add(&again, (enum frame_type)f.type, f.payload) < 0 ||
        memcmp(buf_data(&again), begin, again.len) != 0) {
        abort();
    }
    buf_release(&again);
    (void)buf_addf(out, "%u %zu %d %d %d %d\n", f.type, f.payload.len,
                   frame_hello(f, &kind, &rest, &e), frame_exit(f, &x, &e),
                   frame_taken(f, &n, &e), frame_size(f.payload, &rows, &cols, &e));
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    size_t seen = 0;
    size_t at = 0;
    struct err e = {0};

    while (seen < in.len) {
        struct frame f = {0};
        int got;

        seen = seen + step < in.len ? seen + step : in.len;
        do {
            struct str rest = str_n(in.p + at, seen - at);

            got = frame_next(&rest, &f, &e);
            if (got == 1) {
                look(f, in.p + at, out);
                at = seen - rest.len;
            }
        } while (got == 1);
        if (got < 0) {
            (void)buf_add_c(out, "refused");
            return;
        }
    }
}
