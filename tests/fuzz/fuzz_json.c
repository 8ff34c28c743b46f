/* SPDX-License-Identifier: MIT */
/* json_parse() and the cursors: every value lies inside of the text, and what the writer makes of
 * the walked values is accepted and walks the same. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

enum { STRING_MAX = 1 << 20, REWRITTEN_MAX = 8 << 20 };

/* A walk: describes into `out` and, where w is set, writes the same values. */
struct walk {
    struct str text;
    struct buf *out;
    struct json_w *w;
    struct json_iter stack[LIMIT_JSON_DEPTH];
    size_t depth, deepest;
    bool nul_key; /* json_w_key() cannot write it */
};

static void check_inside(const struct walk *k, struct json v)
{
    const char *end = k->text.p + k->text.len;

    if (v.type == JSON_NONE || v.raw.len == 0 || v.raw.p < k->text.p || v.raw.p >= end ||
        v.raw.len > (size_t)(end - v.raw.p)) {
        abort();
    }
}

/* A key or a string value. */
static void on_string(struct walk *k, struct json v, bool is_key)
{
    struct buf s;
    const char *c;

    buf_init(&s, STRING_MAX);
    if (json_string(v, &s) < 0 || s.len > v.raw.len || !str_is_utf8(buf_str(&s)) ||
        (c = buf_c(&s)) == NULL) {
        abort();
    }
    (void)buf_addf(k->out, "%s%zu:", is_key ? "k" : "s", s.len);
    (void)buf_add_str(k->out, buf_str(&s));
    if (is_key && strlen(c) < s.len) {
        k->nul_key = true;
    }
    if (k->w != NULL && is_key) {
        json_w_key(k->w, c);
    } else if (k->w != NULL) {
        json_w_str(k->w, buf_str(&s));
    }
    buf_release(&s);
}

static void on_container(struct walk *k, struct json v)
{
    if (k->depth == LIMIT_JSON_DEPTH) {
        abort();
    }
    (void)buf_add_byte(k->out, v.type == JSON_OBJECT ? '{' : '[');
    if (k->w != NULL && v.type == JSON_OBJECT) {
        json_w_object(k->w);
    } else if (k->w != NULL) {
        json_w_array(k->w);
    }
    k->stack[k->depth++] = json_iter(v);
    k->deepest = k->depth > k->deepest ? k->depth : k->deepest;
}

static void on_value(struct walk *k, struct json v)
{
    check_inside(k, v);
    if (v.type == JSON_OBJECT || v.type == JSON_ARRAY) {
        on_container(k, v);
    } else if (v.type == JSON_STRING) {
        on_string(k, v, false);
    } else {
        (void)buf_addf(k->out, "%d:", (int)v.type);
        (void)buf_add_str(k->out, v.raw);
        if (k->w != NULL) {
            json_w_raw(k->w, v.raw);
        }
    }
}

static void walk(struct walk *k, struct json root)
{
    on_value(k, root);
    while (k->depth > 0) {
        struct json_iter *it = &k->stack[k->depth - 1];
        struct json key;
        struct json v;

        if (!json_next(it, &key, &v)) {
            k->depth--;
            (void)buf_add_byte(k->out, '.');
            if (k->w != NULL) {
                json_w_end(k->w);
            }
            continue;
        }
        if (it->in_object) {
            check_inside(k, key);
            on_string(k, key, true);
        }
        on_value(k, v);
    }
}

/* Written anew, with or without indentation, the text says the same. */
static void check_rewritten(struct str in, struct json root, struct str want, unsigned indent)
{
    struct buf text;
    struct buf again;
    struct buf scratch;
    struct json_w w;
    struct err e = {0};
    struct walk first = {.text = in, .out = &scratch, .w = &w};
    struct walk second = {.out = &again};

    buf_init(&text, REWRITTEN_MAX);
    buf_init(&again, REWRITTEN_MAX);
    buf_init(&scratch, REWRITTEN_MAX);
    json_w_init(&w, &text, indent);
    walk(&first, root);
    /* The writer stops one level before the parser does. */
    if (!first.nul_key && first.deepest < LIMIT_JSON_DEPTH) {
        second.text = buf_str(&text);
        if (json_done(&w) < 0 || w.lossy || json_parse(second.text, &root, &e) < 0) {
            abort();
        }
        walk(&second, root);
        if (str_cmp(buf_str(&again), want) != 0) {
            abort();
        }
    }
    buf_release(&text);
    buf_release(&again);
    buf_release(&scratch);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct walk k = {.text = in, .out = out};
    struct json root;
    struct err e = {0};

    (void)step;
    if (json_parse(in, &root, &e) < 0) {
        (void)buf_add_c(out, "refused: ");
        (void)buf_add_c(out, e.text);
        return;
    }
    walk(&k, root);
    check_rewritten(in, root, buf_str(out), 0);
    check_rewritten(in, root, buf_str(out), 2);
}
