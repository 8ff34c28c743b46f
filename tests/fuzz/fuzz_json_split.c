/* SPDX-License-Identifier: MIT */
/* json_split_scan(): the same texts whatever the pieces, and one text where json_parse() sees one. */
#include "fuzz.h"

#include "wire/json.h"

#include <stdlib.h>

enum { TEXT_MAX = 4 << 20 };

/* One piece; adds complete texts to out. */
static void scan(struct json_split *s, struct str piece, struct buf *text, struct buf *out,
                 size_t *count)
{
    while (piece.len > 0 && !s->failed) {
        bool complete = true;
        size_t used = json_split_scan(s, piece, &complete);

        if (used == 0 || used > piece.len || (complete && s->failed) ||
            (!complete && used < piece.len)) {
            abort();
        }
        if (s->failed) {
            return; /* what came before of this text depends on the pieces */
        }
        (void)buf_add(text, piece.p, used);
        piece = str_drop(piece, used);
        if (complete) {
            if (str_trim(buf_str(text)).len == 0) {
                abort();
            }
            (void)buf_addf(out, "%zu:", text->len);
            (void)buf_add_str(out, buf_str(text));
            buf_reset(text);
            ++*count;
        }
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct json_split s = {0};
    struct str rest = in;
    struct json root;
    struct err e = {0};
    struct buf text;
    size_t count = 0;

    buf_init(&text, TEXT_MAX);
    while (rest.len > 0 && !s.failed) {
        size_t n = rest.len < step ? rest.len : step;

        scan(&s, str_n(rest.p, n), &text, out, &count);
        rest = str_drop(rest, n);
    }
    if (s.failed) {
        (void)buf_add_c(out, "failed");
    } else {
        (void)buf_addf(out, "rest %zu:", text.len);
        (void)buf_add_str(out, buf_str(&text));
    }
    if (json_parse(in, &root, &e) == 0 && root.type >= JSON_STRING &&
        (s.failed || count != 1 || str_trim(buf_str(&text)).len > 0)) {
        abort();
    }
    buf_release(&text);
}
