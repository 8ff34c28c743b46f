/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/base64.h"

#include <stdlib.h>

/* Properties: encoding inverts decoding, and decoding inverts encoding. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct buf text;
    struct err e = {0};

    (void)step;
    buf_init(&text, 8 << 20);
    if (base64_decode(in, false, out, &e) == 0 &&
        (base64_encode(buf_str(out), false, &text) < 0 || str_cmp(buf_str(&text), in) != 0)) {
        abort(); /* encoding does not give the text again */
    }
    buf_reset(&text);
    buf_reset(out);
    if (base64_encode(in, true, &text) < 0 ||
        base64_decode(buf_str(&text), true, out, &e) < 0 || str_cmp(buf_str(out), in) != 0) {
        abort();
    }
    buf_release(&text);
}
