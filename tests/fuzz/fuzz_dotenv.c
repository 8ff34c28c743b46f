/* SPDX-License-Identifier: MIT */
/* dotenv_next(): ends, counts lines upwards, and hands out views of the text that are fit for an
 * environment. */
#include "fuzz.h"

#include "wire/dotenv.h"

#include <stdlib.h>
#include <string.h>

static void check_view(struct str in, struct str v)
{
    if (v.len == 0) {
        return;
    }
    if (v.p < in.p || v.p + v.len > in.p + in.len || memchr(v.p, '\0', v.len) != NULL ||
        memchr(v.p, '\n', v.len) != NULL) {
        abort();
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct dotenv d;
    unsigned line = 0;

    (void)step;
    dotenv_init(&d, in);
    for (;;) {
        struct str key = {0};
        struct str value = {0};
        enum dotenv_kind kind = dotenv_next(&d, &key, &value);

        if (kind == DOTENV_END) {
            break;
        }
        if (d.line <= line) {
            abort();
        }
        line = d.line;
        (void)buf_addf(out, "%u %d", line, (int)kind);
        if (kind != DOTENV_BAD) {
            check_view(in, key);
            if (!dotenv_is_key(key)) {
                abort();
            }
            (void)buf_add_byte(out, ' ');
            (void)buf_add_str(out, key);
        }
        if (kind == DOTENV_SET) {
            check_view(in, value);
            (void)buf_addf(out, "=%zu:", value.len);
            (void)buf_add_str(out, value);
        }
        (void)buf_add_byte(out, '\n');
    }
    if (d.rest.len > 0) {
        abort();
    }
}
