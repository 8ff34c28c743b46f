/* SPDX-License-Identifier: MIT */
#include "wire/json_edit.h"

#include "base/limits.h"
#include "wire/json.h"

/* Text is copied in pieces: each piece is everything from `from` to the next change,
 * verbatim. */

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && str_is_blank(*p)) {
        p++;
    }
    return p;
}

static int finish(struct buf *out, struct err *e)
{
    if (out->overflowed) {
        return err_set(e, ERR_LIMIT, "edited JSON is past the limit of %zu bytes", out->max);
    }
    return 0;
}

/* An object or array whose items are being examined. */
struct level {
    struct json_iter it;
    const char *last_end; /* the end of the last item that was kept, or of the bracket */
    bool kept;            /* an item was kept before */
};

struct dropper {
    const char *key;
    struct buf *out;
    const char *from; /* the text that was not copied yet */
    struct level levels[LIMIT_JSON_DEPTH];
    unsigned depth;
};

static void enter(struct dropper *d, struct json v)
{
    d->levels[d->depth++] = (struct level){.it = json_iter(v), .last_end = v.raw.p + 1};
}

/* Leaves the member out, with the comma before it, or with the comma behind it if no item was
 * kept before. */
static void drop_member(struct dropper *d, struct level *l, struct json value, const char *end)
{
    const char *behind = value.raw.p + value.raw.len;
    const char *comma = skip_blanks(behind, end);

    (void)buf_add(d->out, d->from, (size_t)(l->last_end - d->from));
    if (!l->kept && comma < end && *comma == ',') {
        behind = comma + 1;
    }
    d->from = behind;
    l->last_end = behind;
}

int json_drop_key(struct str text, const char *key, struct buf *out, struct err *e)
{
    struct dropper d = {.key = key, .out = out, .from = text.p};
    const char *end = text.p + text.len;
    struct json root;

    if (json_parse(text, &root, e) < 0) {
        return -1;
    }
    enter(&d, root);
    while (d.depth > 0) {
        struct level *l = &d.levels[d.depth - 1];
        struct json k = {0};
        struct json value;

        if (!json_next(&l->it, &k, &value)) {
            d.depth--;
            continue;
        }
        if (k.type == JSON_STRING && json_is(k, key)) {
            drop_member(&d, l, value, end);
            continue;
        }
        l->kept = true;
        l->last_end = value.raw.p + value.raw.len;
        if (value.type == JSON_OBJECT || value.type == JSON_ARRAY) {
            enter(&d, value);
        }
    }
    (void)buf_add(out, d.from, (size_t)(end - d.from)); /* an overflow is sticky */
    return finish(out, e);
}

static void add_key(const char *key, struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 0);
    json_w_c(&w, key);
    (void)buf_add_byte(out, ':'); /* an overflow is sticky */
}

int json_set_member(struct str text, struct json_place place, struct str value, struct buf *out,
                    struct err *e)
{
    const char *const *path = place.path;
    const size_t depth = place.depth;
    const char *end = text.p + text.len;
    const char *close;
    struct json at;
    struct json next;
    size_t i;

    if (json_parse(text, &at, e) < 0) {
        return -1;
    }
    for (i = 0; at.type == JSON_OBJECT && i < depth; i++) {
        next = json_get(at, path[i]);
        if (next.type == JSON_NONE) {
            break;
        }
        at = next;
    }
    if (at.type != JSON_OBJECT) {
        return err_set(e, ERR_FORMAT, "%s is not a JSON object",
                       i == 0 ? "the text" : path[i - 1]);
    }
    next = i == depth ? json_get(at, place.key) : (struct json){0};
    if (next.type != JSON_NONE) {
        (void)buf_add(out, text.p, (size_t)(next.raw.p - text.p));
        (void)buf_add_str(out, value);
        close = next.raw.p + next.raw.len;
    } else {
        struct json_iter it = json_iter(at);

        close = at.raw.p + at.raw.len - 1;
        while (close > at.raw.p + 1 && str_is_blank(close[-1])) {
            close--; /* the new member goes behind the last one, before the closing line */
        }
        (void)buf_add(out, text.p, (size_t)(close - text.p));
        if (json_next(&it, NULL, &next)) {
            (void)buf_add_byte(out, ',');
        }
        for (size_t k = i; k < depth; k++) {
            add_key(path[k], out);
            (void)buf_add_byte(out, '{');
        }
        add_key(place.key, out);
        (void)buf_add_str(out, value);
        for (size_t k = i; k < depth; k++) {
            (void)buf_add_byte(out, '}');
        }
    }
    (void)buf_add(out, close, (size_t)(end - close)); /* an overflow is sticky */
    return finish(out, e);
}
