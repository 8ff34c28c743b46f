/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/json.h"

#include <stdlib.h>

/* Writes the value, and everything below it, with the writer. */
static void rewrite(struct json root, struct json_w *w)
{
    struct json_iter stack[LIMIT_JSON_DEPTH];
    unsigned depth = 0;
    struct json v = root;
    struct json key = {0};
    struct buf text;

    buf_init(&text, LIMIT_JSON_TEXT);
    for (;;) {
        if (v.raw.p < root.raw.p || v.raw.p + v.raw.len > root.raw.p + root.raw.len) {
            abort(); /* a value is outside of its text */
        }
        if (v.type == JSON_OBJECT || v.type == JSON_ARRAY) {
            v.type == JSON_OBJECT ? json_w_object(w) : json_w_array(w);
            stack[depth++] = json_iter(v);
        } else if (v.type == JSON_STRING) {
            buf_reset(&text);
            (void)json_string(v, &text);
            json_w_str(w, buf_str(&text));
        } else {
            json_w_raw(w, v.raw);
        }
        while (depth > 0 && !json_next(&stack[depth - 1], &key, &v)) {
            json_w_end(w);
            depth--;
        }
        if (depth == 0) {
            break;
        }
        if (key.type == JSON_STRING) {
            buf_reset(&text);
            (void)json_string(key, &text);
            if (buf_c(&text) == NULL || str_index(buf_str(&text), '\0') < text.len) {
                buf_reset(&text); /* the keys of the writer are C strings */
            }
            json_w_key(w, buf_c(&text));
        }
    }
    buf_release(&text);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct json root;
    struct json again;
    struct err e = {0};
    struct json_w w;
    struct buf first;
    struct buf second;

    (void)step; /* json_parse() takes a whole text */
    if (json_parse(in, &root, &e) < 0) {
        (void)buf_add_c(out, "refused");
        return;
    }
    buf_init(&first, LIMIT_JSON_TEXT);
    buf_init(&second, LIMIT_JSON_TEXT);
    json_w_init(&w, &first, 0);
    rewrite(root, &w);
    if (json_done(&w) == 0) {
        if (json_parse(buf_str(&first), &again, &e) < 0) {
            abort(); /* the written text is not JSON */
        }
        json_w_init(&w, &second, 0);
        rewrite(again, &w);
        if (json_done(&w) < 0 || str_cmp(buf_str(&first), buf_str(&second)) != 0) {
            abort(); /* reading and writing again gives another text */
        }
    }
    (void)buf_add_str(out, buf_str(&first));
    buf_release(&first);
    buf_release(&second);
}
