/* SPDX-License-Identifier: MIT */
#include "wire/json_merge.h"

#include "base/arena.h"
#include "base/limits.h"
#include "wire/json.h"

#include <stdlib.h>

/* Items in canonical form, sorted. Their bytes are in `bytes`, which is wiped at the end,
 * because they may be secrets. */
struct known {
    struct str *items;
    size_t count;
    struct buf bytes;
};

/* Initializes a buffer that takes the canonical form of a value of `len` bytes without
 * growing. */
static void sized(struct buf *b, size_t len)
{
    buf_init(b, len + 1);
    (void)buf_reserve(b, len + 1);
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

        json_canonical(item, &k->bytes);
        k->items[k->count++] = str_drop(buf_str(&k->bytes), at);
    }
}

/* Sets is_new for each item of other that is not known. Returns the number of new items. */
static size_t mark_new(const struct known *k, struct json other, bool *is_new)
{
    struct json_iter it = json_iter(other);
    struct json item;
    struct buf text;
    size_t news = 0;

    sized(&text, other.raw.len);
    for (size_t i = 0; json_next(&it, NULL, &item); i++) {
        struct str wanted;

        buf_reset(&text);
        json_canonical(item, &text);
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
        (void)buf_add_byte(out, ','); /* an overflow is sticky, here and below */
    }
    *some = *some || piece.len > 0;
    (void)buf_add_str(out, piece);
}

/* Adds the joined array. The first `front` items of `other` are new and go before ours. */
static void add_joined(struct json ours, struct json other, const bool *is_new, size_t front,
                       struct buf *out)
{
    struct str body = str_n(ours.raw.p + 1, ours.raw.len - 2);
    struct json_iter it = json_iter(other);
    struct json item;
    bool some = false;

    while (body.len > 0 && str_is_blank(body.p[body.len - 1])) {
        body.len--;
    }
    (void)buf_reserve(out, ours.raw.len + other.raw.len + 2);
    (void)buf_add_byte(out, '[');
    for (size_t i = 0; json_next(&it, NULL, &item); i++) {
        if (i == front) {
            add_piece(out, &some, body);
        }
        if (is_new[i]) {
            add_piece(out, &some, item.raw);
        }
    }
    (void)buf_add_str(out, str_drop(ours.raw, 1 + body.len)); /* blanks and the bracket */
}

enum json_joined json_join(struct json base, struct json ours, struct json other,
                           size_t *budget, struct buf *out)
{
    enum json_joined result = JSON_JOIN_NOTHING;
    struct arena a = {0};
    struct known k = {0};
    size_t counts[3];
    size_t front = 0;
    size_t news;
    bool *is_new;

    if (!json_count_items(base, budget, &counts[0]) ||
        !json_count_items(ours, budget, &counts[1]) ||
        !json_count_items(other, budget, &counts[2])) {
        return JSON_JOIN_MANY;
    }
    k.items = arena_array(&a, counts[0] + counts[1] + 1, sizeof(*k.items));
    is_new = arena_array(&a, counts[2] + 1, sizeof(*is_new));
    sized(&k.bytes, base.raw.len + ours.raw.len);
    add_known(&k, base);
    add_known(&k, ours);
    qsort(k.items, k.count, sizeof(*k.items), by_text);
    news = mark_new(&k, other, is_new);
    /* New items at the start of `other` go in front of ours. If all items are new, they go
     * behind ours, because no known item shows that they belong in front. */
    while (news < counts[2] && is_new[front]) {
        front++;
    }
    if (news > 0) {
        add_joined(ours, other, is_new, front, out);
        result = JSON_JOIN_DONE;
    }
    buf_wipe(&k.bytes);
    arena_release(&a);
    return result;
}

struct level {
    const struct json_rules *rules;
    struct json_members base, ours, other;
    size_t ours_at, theirs_at; /* the next members to examine: first all of ours */
    const char *last_end;      /* the end of the last kept member of ours, or of the bracket */
    bool kept;                 /* the result has a member on this level already */
    struct json missing;       /* the key of this object, which ours lacks */
    bool is_missing, opened; /* ours lacks it; it was added, because a member of it was taken */
    struct str lead;         /* the blanks before a member */
};

struct merge {
    struct buf *out;
    const char *from; /* the text of ours that was not copied yet */
    const char *name;
    struct level levels[JSON_MERGE_LEVELS];
    unsigned depth;
    size_t budget;
    bool too_many;
    bool changed;
    struct arena arena;
    struct buf joined; /* a merged array */
};

/* The rule for members that no rule names. */
static const struct json_rule keep = {.match = JSON_KEY_ANY, .verdict = JSON_KEEP};

enum action { STAY, SET, DROP, ENTER };

static struct json value_of(const struct json_members *all, struct str key)
{
    const struct json_member *one = json_member(all, key);

    return one != NULL ? one->value : (struct json){0};
}

static bool matches(const struct merge *m, const struct json_rule *r, struct str key)
{
    switch (r->match) {
    case JSON_KEY:
        return str_eq_c(key, r->key);
    case JSON_KEY_STARTS:
        return str_starts(key, r->key);
    case JSON_KEY_ENDS:
        return str_ends(key, r->key);
    case JSON_KEY_NAMED:
        return m->name != NULL && str_eq_c(key, m->name);
    case JSON_KEY_ANY:
        return key.len <= JSON_MERGE_KEY;
    }
    return false;
}

static const struct json_rule *rule_of(const struct merge *m, const struct level *l,
                                       struct str key)
{
    for (size_t i = 0; i < l->rules->count; i++) {
        if (matches(m, &l->rules->list[i], key)) {
            return &l->rules->list[i];
        }
    }
    return &keep;
}

static bool has_type(const struct json_rule *r, struct json v)
{
    return r->types == 0 || (r->types & JSON_IS(v.type)) != 0;
}

/* Both sides changed an array. *value is that of `other`, and becomes the merged one. */
static enum action join(struct merge *m, struct json base, struct json ours, struct json *value)
{
    enum json_joined joined;

    if (base.type != JSON_ARRAY) {
        base = (struct json){JSON_ARRAY, str_c("[]")};
    }
    /* Otherwise the next array may make it grow, and leave a copy in memory. */
    buf_wipe(&m->joined);
    joined = json_join(base, ours, *value, &m->budget, &m->joined);
    m->too_many = m->too_many || joined == JSON_JOIN_MANY;
    value->raw = buf_str(&m->joined);
    return joined == JSON_JOIN_DONE ? SET : STAY;
}

/* Returns what happens to a member. A side that lacks the member has JSON_NONE. Sets *value to
 * the value that SET gives to it. */
static enum action decide(struct merge *m, const struct json_rule *r, struct json base,
                          struct json ours, struct json other, struct json *value)
{
    bool ours_changed;

    *value = other;
    if (r->verdict == JSON_KEEP || (other.type == JSON_NONE && r->stays) ||
        (ours.type != JSON_NONE && !has_type(r, ours)) ||
        (other.type != JSON_NONE && !has_type(r, other))) {
        return STAY;
    }
    if (r->verdict == JSON_DESCEND) {
        return (ours.type == JSON_OBJECT || ours.type == JSON_NONE) &&
                       (other.type == JSON_OBJECT || other.type == JSON_NONE) &&
                       !str_eq(base.raw, other.raw)
                   ? ENTER
                   : STAY;
    }
    if ((other.type == JSON_STRING || other.type == JSON_NUMBER) &&
        other.raw.len > JSON_MERGE_SCALAR) {
        return STAY;
    }
    if (json_same(base, other) || json_same(ours, other)) {
        return STAY;
    }
    ours_changed = !json_same(base, ours);
    if (ours_changed && ours.type == JSON_ARRAY && other.type == JSON_ARRAY) {
        return join(m, base, ours, value);
    }
    if (ours_changed && r->verdict != JSON_PREFER) {
        return STAY;
    }
    return other.type == JSON_NONE ? DROP : SET;
}

static void copy_to(struct merge *m, const char *to)
{
    (void)buf_add(m->out, m->from, (size_t)(to - m->from)); /* an overflow is sticky */
    m->from = to;
}

/* Enters an object of the three sides, unless the nesting is too deep: the object then stays.
 * Ours may lack it; `key` is then its key. */
static void enter(struct merge *m, const struct json_rules *rules, struct json base,
                  struct json ours, struct json other, struct json key)
{
    struct level *l = &m->levels[m->depth];

    if (m->depth == JSON_MERGE_LEVELS) {
        return;
    }
    *l = (struct level){.rules = rules, .missing = key};
    l->is_missing = ours.type == JSON_NONE;
    if (!json_members(base, &m->arena, &m->budget, &l->base) ||
        !json_members(ours, &m->arena, &m->budget, &l->ours) ||
        !json_members(other, &m->arena, &m->budget, &l->other)) {
        m->too_many = true;
    }
    l->last_end = l->is_missing ? NULL : ours.raw.p + 1;
    if (l->ours.count > 0) {
        const char *key_at = l->ours.list[l->ours.count - 1].raw_key.raw.p;
        const char *p = key_at;

        while (str_is_blank(p[-1])) {
            p--;
        }
        l->lead = str_n(p, (size_t)(key_at - p));
    }
    m->depth++;
}

/* Leaves the member out, with the comma before it, or with the comma behind it if no member was
 * kept before. */
static void drop_member(struct merge *m, struct level *l, struct json value)
{
    const char *behind = value.raw.p + value.raw.len;
    const char *comma = behind;

    while (str_is_blank(*comma)) { /* ends at the object's bracket at the latest */
        comma++;
    }
    copy_to(m, l->last_end);
    if (!l->kept && *comma == ',') {
        behind = comma + 1;
    }
    m->from = behind;
    l->last_end = behind;
    m->changed = true;
}

static void next_ours(struct merge *m, struct level *l)
{
    const struct json_member *one = &l->ours.list[l->ours_at++];
    struct json base = value_of(&l->base, one->key);
    struct json other = value_of(&l->other, one->key);
    const struct json_rule *r = one->twice ? &keep : rule_of(m, l, one->key);
    struct json value;
    enum action action = decide(m, r, base, one->value, other, &value);

    if (action == DROP) {
        drop_member(m, l, one->value);
        return;
    }
    l->kept = true;
    l->last_end = one->value.raw.p + one->value.raw.len;
    if (action == SET) {
        copy_to(m, one->value.raw.p);
        (void)buf_add_str(m->out, value.raw); /* an overflow is sticky: run() checks it */
        m->from = l->last_end;
        m->changed = true;
    } else if (action == ENTER) {
        enter(m, r->inside, base, one->value, other, one->raw_key);
    }
}

/* Begins a new member of this level, behind the members that are there. */
static void begin_member(struct merge *m, struct level *l, struct json key)
{
    if (!l->is_missing) {
        copy_to(m, l->last_end);
    }
    if (l->kept) {
        (void)buf_add_byte(m->out, ','); /* an overflow is sticky */
    }
    (void)buf_add_str(m->out, l->lead);
    (void)buf_add_str(m->out, key.raw);
    (void)buf_add_byte(m->out, ':');
    l->kept = true;
}

static void next_theirs(struct merge *m, struct level *l)
{
    const struct json_member *one = &l->other.list[l->theirs_at++];
    struct json base = value_of(&l->base, one->key);
    struct json nothing = {0};
    const struct json_rule *r;
    struct json value;
    enum action action;

    if (!one->last || json_member(&l->ours, one->key) != NULL) {
        return;
    }
    r = rule_of(m, l, one->key);
    action = decide(m, r, base, nothing, one->value, &value);
    if (action == ENTER) {
        enter(m, r->inside, base, nothing, one->value, one->raw_key);
    } else if (action == SET) {
        for (unsigned i = 1; i < m->depth; i++) {
            struct level *missing = &m->levels[i];

            if (missing->is_missing && !missing->opened) {
                begin_member(m, &m->levels[i - 1], missing->missing);
                (void)buf_add_byte(m->out, '{'); /* an overflow is sticky */
                missing->opened = true;
            }
        }
        begin_member(m, l, one->raw_key);
        (void)buf_add_str(m->out, value.raw);
        m->changed = true;
    }
}

static int run(struct merge *m, struct str ours, struct err *e)
{
    while (m->depth > 0 && !m->too_many && !m->out->overflowed) {
        struct level *l = &m->levels[m->depth - 1];

        if (l->ours_at < l->ours.count) {
            next_ours(m, l);
        } else if (l->theirs_at < l->other.count) {
            next_theirs(m, l);
        } else {
            if (l->opened) {
                (void)buf_add_byte(m->out, '}'); /* an overflow is sticky */
            }
            m->depth--;
        }
    }
    copy_to(m, ours.p + ours.len);
    if (m->too_many) {
        return err_set(e, ERR_LIMIT, "more than %d members to merge", JSON_MERGE_MEMBERS);
    }
    if (m->out->overflowed) {
        return err_set(e, ERR_LIMIT, "merged JSON is past the limit of %zu bytes", m->out->max);
    }
    return 0;
}

static int parse(struct str text, const char *what, struct json *v, struct err *e)
{
    if (json_parse(text, v, e) < 0) {
        return err_wrap(e, "%s", what);
    }
    return v->type == JSON_OBJECT ? 0 : err_set(e, ERR_FORMAT, "%s: not a JSON object", what);
}

int json_merge(const struct json_merge *in, struct buf *out, bool *changed, struct err *e)
{
    struct merge m = {
        .out = out, .from = in->ours.p, .name = in->name, .budget = JSON_MERGE_MEMBERS};
    struct json base;
    struct json ours;
    struct json other;
    int rc;

    if (parse(in->base, "base", &base, e) < 0 || parse(in->ours, "ours", &ours, e) < 0 ||
        parse(in->other, "other", &other, e) < 0) {
        return -1;
    }
    buf_init(&m.joined, 2U * LIMIT_JSON_TEXT + 4);
    enter(&m, in->rules, base, ours, other, ours);
    rc = run(&m, in->ours, e);
    if (rc == 0) {
        *changed = m.changed;
    }
    buf_wipe(&m.joined);
    arena_release(&m.arena);
    return rc;
}
