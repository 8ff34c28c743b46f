/* SPDX-License-Identifier: MIT */
#include "wire/jsonjoin.h"

#include "base/arena.h"
#include "wire/jsonmembers.h"

#include <stdlib.h>

/* No byte of UTF-8: stands for a quote where a string is unescaped. */
enum { QUOTE = 0xff };

/* Items in canonical form, sorted; their bytes are in `bytes`, which is wiped: they may be secrets. */
struct known {
    struct str *items;
    size_t count;
    struct buf bytes;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t string_len(struct str s)
{
    size_t i = 1;

    while (i < s.len && s.p[i] != '"') {
        i += s.p[i] == '\\' ? 2 : 1;
    }
    return i < s.len ? i + 1 : s.len;
}

/* Adds the value in the form in which it is compared: without blanks, strings unescaped, numbers as they are spelled,
 * members in the order written. Equal forms, equal values; never longer than the value as written. */
static void canonical(struct json v, struct buf *out)
{
    struct str s = v.raw;

    while (s.len > 0) {
        size_t n = 1;

        if (s.p[0] == '"') {
            n = string_len(s);
            (void)buf_add_byte(out, QUOTE); /* all fit */
            (void)json_string((struct json){JSON_STRING, str_n(s.p, n)}, out);
            (void)buf_add_byte(out, QUOTE);
        } else if (!is_blank(s.p[0])) {
            while (n < s.len && s.p[n] != '"' && !is_blank(s.p[n])) {
                n++;
            }
            (void)buf_add(out, s.p, n);
        }
        s = str_drop(s, n);
    }
}

/* A buffer that holds a value's canonical form without growing. */
static void sized(struct buf *b, size_t len)
{
    buf_init(b, len + 1);
    (void)buf_reserve(b, len + 1);
}

bool json_same(struct json a, struct json b)
{
    struct buf x;
    struct buf y;
    bool same;

    if (a.type != b.type || a.type == JSON_NONE || str_eq(a.raw, b.raw)) {
        return a.type == b.type;
    }
    sized(&x, a.raw.len);
    sized(&y, b.raw.len);
    canonical(a, &x);
    canonical(b, &y);
    same = str_eq(buf_str(&x), buf_str(&y));
    buf_wipe(&x);
    buf_wipe(&y);
    return same;
}

static int by_text(const void *a, const void *b)
{
    const struct str *x = a;
    const struct str *y = b;

    return str_cmp(*x, *y);
}

static void add_known(struct known *k, struct json array)
{
    struct json_iter it = json_iter(array);
    struct json item;

    while (json_next(&it, NULL, &item)) {
        size_t at = k->bytes.len;

        canonical(item, &k->bytes);
        k->items[k->count++] = str_drop(buf_str(&k->bytes), at);
    }
}

/* Marks theirs' items that are new and counts them. */
static size_t mark_new(const struct known *k, struct json theirs, bool *is_new)
{
    struct json_iter it = json_iter(theirs);
    struct json item;
    struct buf text;
    size_t news = 0;

    sized(&text, theirs.raw.len);
    for (size_t i = 0; json_next(&it, NULL, &item); i++) {
        struct str wanted;

        buf_reset(&text);
        canonical(item, &text);
        wanted = buf_str(&text);
        is_new[i] = bsearch(&wanted, k->items, k->count, sizeof(wanted), by_text) == NULL;
        news += is_new[i] ? 1U : 0U;
    }
    buf_wipe(&text);
    return news;
}

static void add_piece(struct buf *out, bool *some, struct str piece)
{
    if (*some && piece.len > 0) {
        (void)buf_add_byte(out, ','); /* sticky, as all that follow */
    }
    *some = *some || piece.len > 0;
    (void)buf_add_str(out, piece);
}

/* The first `front` items of theirs are new and go before ours. */
static void add_joined(struct json ours, struct json theirs, const bool *is_new, size_t front,
                       struct buf *out)
{
    struct str body = str_n(ours.raw.p + 1, ours.raw.len - 2);
    struct json_iter it = json_iter(theirs);
    struct json item;
    bool some = false;

    while (body.len > 0 && is_blank(body.p[body.len - 1])) {
        body.len--;
    }
    (void)buf_reserve(out, ours.raw.len + theirs.raw.len + 2);
    (void)buf_add_byte(out, '[');
    for (size_t i = 0; json_next(&it, NULL, &item); i++) {
        if (i == front) {
            add_piece(out, &some, body);
        }
        if (is_new[i]) {
            add_piece(out, &some, item.raw);
        }
    }
    (void)buf_add_str(out, str_drop(ours.raw, 1 + body.len)); /* the closing line */
}

enum json_joined json_join(struct json base, struct json ours, struct json theirs,
                           size_t *budget, struct buf *out)
{
    enum json_joined result = JSON_JOIN_NOTHING;
    struct arena a = {0};
    struct known k = {0};
    size_t counts[3];
    size_t front = 0;
    size_t news;
    bool *is_new;

    if (!json_count(base, budget, &counts[0]) || !json_count(ours, budget, &counts[1]) ||
        !json_count(theirs, budget, &counts[2])) {
        return JSON_JOIN_MANY;
    }
    k.items = arena_array(&a, counts[0] + counts[1] + 1, sizeof(*k.items));
    is_new = arena_array(&a, counts[2] + 1, sizeof(*is_new));
    sized(&k.bytes, base.raw.len + ours.raw.len);
    add_known(&k, base);
    add_known(&k, ours);
    qsort(k.items, k.count, sizeof(*k.items), by_text);
    news = mark_new(&k, theirs, is_new);
    while (news < counts[2] && is_new[front]) {
        front++; /* all new: nothing says that they belong in front */
    }
    if (news > 0) {
        add_joined(ours, theirs, is_new, front, out);
        result = JSON_JOIN_DONE;
    }
    buf_wipe(&k.bytes);
    arena_release(&a);
    return result;
}
