/* SPDX-License-Identifier: MIT */
/* What decodes encodes to the very same text; what encodes decodes to the very same bytes. */
#include "fuzz.h"

#include "wire/base64.h"

#include <stdlib.h>

static void check(struct str in, bool url, struct buf *out)
{
    struct buf bytes;
    struct buf text;
    struct err e = {0};

    buf_init(&bytes, in.len);
    buf_init(&text, 4 * (in.len / 3 + 1));
    if (base64_decode(in, url, &bytes, &e) == 0) {
        if (base64_encode(buf_str(&bytes), url, &text) < 0 || !str_eq(buf_str(&text), in)) {
            abort();
        }
        (void)buf_add_str(out, buf_str(&bytes));
    } else {
        (void)buf_add_c(out, e.text);
    }
    (void)buf_add_byte(out, '\n');
    buf_reset(&bytes);
    buf_reset(&text);
    if (base64_encode(in, url, &text) < 0 ||
        base64_decode(buf_str(&text), url, &bytes, &e) < 0 || !str_eq(buf_str(&bytes), in)) {
        abort();
    }
    buf_release(&bytes);
    buf_release(&text);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    (void)step;
    check(in, false, out);
    check(in, true, out);
}
