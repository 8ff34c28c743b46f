/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/dotenv.h"

#include <stdlib.h>

/* Properties: each entry makes progress, has a valid key, and its value is inside the text. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct dotenv d;
    struct str key = {0};
    struct str value = {0};
    enum dotenv_kind kind;
    unsigned line = 0;

    (void)step;
    dotenv_init(&d, in);
    while ((kind = dotenv_next(&d, &key, &value)) != DOTENV_END) {
        if (d.line <= line || (kind != DOTENV_BAD && !dotenv_is_key(key)) ||
            (kind == DOTENV_SET && value.len > 0 &&
             (value.p < in.p || value.p + value.len > in.p + in.len))) {
            abort();
        }
        line = d.line;
        (void)buf_addf(out, "%u %d ", line, (int)kind);
        if (kind == DOTENV_SET) {
            (void)buf_add_str(out, value);
        }
    }
}
