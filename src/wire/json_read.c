/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

/* All functions of this file work on bytes that json_parse() has accepted. */

enum {
    REPLACEMENT = 0xfffd,
    SURROGATE_FIRST = 0xd800,
    SURROGATE_LOW = 0xdc00,
    SURROGATE_END = 0xe000,
    QUOTE = 0xff /* never a byte of UTF-8; marks both ends of an unescaped string */
};

static struct str drop_blanks(struct str s)
{
    while (s.len > 0 && str_is_blank(s.p[0])) {
        s = str_drop(s, 1);
    }
    return s;
}

/* Returns the length of the string at the start of s, including both quotes. */
static size_t string_len(struct str s)
{
    size_t i = 1;

    while (i < s.len && s.p[i] != '"') {
        i += s.p[i] == '\\' ? 2 : 1;
    }
    return i + 1 < s.len ? i + 1 : s.len;
}

/* Returns the length of the value at the start of s. */
static size_t value_len(struct str s)
{
    size_t depth = 0;
    size_t i = 0;

    while (i < s.len) {
        char c = s.p[i];

        if (c == '"') {
            i += string_len(str_drop(s, i));
        } else {
            if (depth == 0 && i > 0 && (str_is_blank(c) || c == ',' || c == ']' || c == '}')) {
                return i;
            }
            depth += c == '[' || c == '{' ? 1U : 0U;
            depth -= c == ']' || c == '}' ? 1U : 0U;
            i++;
            if (depth == 0 && (c == ']' || c == '}')) {
                return i;
            }
        }
        if (depth == 0 && c == '"') {
            return i;
        }
    }
    return i;
}

static struct json take_value(struct str *rest)
{
    struct str s = drop_blanks(*rest);
    struct str raw = str_n(s.p, value_len(s));

    *rest = str_drop(s, raw.len);
    return json_of(raw);
}

struct json_iter json_iter(struct json v)
{
    struct json_iter it = {.in_object = v.type == JSON_OBJECT};

    if (v.type == JSON_OBJECT || v.type == JSON_ARRAY) {
        it.rest = str_n(v.raw.p + 1, v.raw.len - 2);
    }
    return it;
}

bool json_next(struct json_iter *it, struct json *key, struct json *value)
{
    struct json k = {0};

    it->rest = drop_blanks(it->rest);
    if (it->rest.len == 0) {
        return false;
    }
    if (it->in_object) {
        k = take_value(&it->rest);
        it->rest = str_drop(drop_blanks(it->rest), 1); /* the colon */
    }
    *value = take_value(&it->rest);
    it->rest = str_drop(drop_blanks(it->rest), 1); /* the comma, or nothing */
    if (key != NULL) {
        *key = k;
    }
    return true;
}

static unsigned hex4(const char *p)
{
    uint64_t n = 0;

    (void)str_u64(str_n(p, 4), 16, 0xffff, &n); /* four checked digits */
    return (unsigned)n;
}

static void put_utf8(unsigned code, struct buf *out)
{
    char bytes[STR_UTF8_MAX];

    (void)buf_add(out, bytes, str_utf8_put(code, bytes)); /* an overflow is sticky in out */
}

/* Adds the character of one \u escape, or of two that are a surrogate pair. s begins with the
 * backslash. Returns the number of bytes taken. */
static size_t put_unicode(struct str s, struct buf *out)
{
    unsigned code = hex4(s.p + 2);

    if (code < SURROGATE_FIRST || code >= SURROGATE_END) {
        put_utf8(code, out);
        return 6;
    }
    if (code < SURROGATE_LOW && s.len >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
        unsigned low = hex4(s.p + 8);

        if (low >= SURROGATE_LOW && low < SURROGATE_END) {
            code = 0x10000 + ((code - SURROGATE_FIRST) << 10) + (low - SURROGATE_LOW);
            put_utf8(code, out);
            return 12;
        }
    }
    put_utf8(REPLACEMENT, out);
    return 6;
}

static size_t put_escape(struct str s, struct buf *out)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    const char *found;

    if (s.p[1] == 'u') {
        return put_unicode(s, out);
    }
    found = strchr(from, s.p[1]);
    (void)buf_add_byte(out, (unsigned char)(found != NULL ? to[found - from] : s.p[1]));
    return 2;
}

int json_string(struct json v, struct buf *out)
{
    struct str s;

    if (v.type != JSON_STRING) {
        return -1;
    }
    s = str_n(v.raw.p + 1, v.raw.len - 2);
    while (s.len > 0) {
        size_t run = str_index(s, '\\');

        (void)buf_add_str(out, str_n(s.p, run)); /* an overflow is sticky in out */
        s = str_drop(s, run);
        if (s.len > 0) {
            s = str_drop(s, put_escape(s, out));
        }
    }
    return out->overflowed ? -1 : 0;
}

const char *json_string_dup(struct json v, struct arena *a)
{
    struct buf b;
    char *s = NULL;

    buf_init(&b, v.raw.len + 1);
    if (json_string(v, &b) == 0) {
        s = arena_str(a, buf_str(&b));
    }
    buf_release(&b);
    return s;
}

bool json_is(struct json v, const char *text)
{
    struct buf b;
    bool same;

    if (v.type != JSON_STRING) {
        return false;
    }
    if (str_index(v.raw, '\\') == v.raw.len) {
        return str_eq_c(str_n(v.raw.p + 1, v.raw.len - 2), text);
    }
    buf_init(&b, v.raw.len + 1);
    same = json_string(v, &b) == 0 && str_eq_c(buf_str(&b), text);
    buf_release(&b);
    return same;
}

struct json json_get(struct json v, const char *key)
{
    struct json_iter it = json_iter(v);
    struct json k;
    struct json value;

    while (it.in_object && json_next(&it, &k, &value)) {
        if (json_is(k, key)) {
            return value;
        }
    }
    return (struct json){0};
}

struct json json_path(struct json v, const char *path)
{
    struct str rest = str_c(path);

    while (rest.len > 0) {
        char key[64];
        struct str step = {0};

        (void)str_cut(&rest, '.', &step);
        if (step.len >= sizeof(key)) {
            return (struct json){0};
        }
        memcpy(key, step.p, step.len);
        key[step.len] = '\0';
        v = json_get(v, key);
    }
    return v;
}

bool json_true(struct json v)
{
    return v.type == JSON_TRUE;
}

bool json_u64(struct json v, uint64_t *out)
{
    return v.type == JSON_NUMBER && str_u64(v.raw, 10, UINT64_MAX, out);
}

bool json_i64(struct json v, int64_t *out)
{
    uint64_t n = 0;
    bool negative = v.type == JSON_NUMBER && v.raw.p[0] == '-';

    if (v.type != JSON_NUMBER ||
        !str_u64(str_drop(v.raw, negative ? 1 : 0), 10, INT64_MAX, &n)) {
        return false;
    }
    *out = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

void json_canonical(struct json v, struct buf *out)
{
    struct str s = v.raw;

    while (s.len > 0) {
        size_t n = 1;

        if (s.p[0] == '"') {
            n = string_len(s);
            (void)buf_add_byte(out, QUOTE); /* fits, like the following: the caller made room */
            (void)json_string((struct json){JSON_STRING, str_n(s.p, n)}, out);
            (void)buf_add_byte(out, QUOTE);
        } else if (!str_is_blank(s.p[0])) {
            while (n < s.len && s.p[n] != '"' && !str_is_blank(s.p[n])) {
                n++;
            }
            (void)buf_add(out, s.p, n);
        }
        s = str_drop(s, n);
    }
}

bool json_same(struct json a, struct json b)
{
    struct buf x;
    struct buf y;
    bool same;

    if (a.type != b.type || a.type == JSON_NONE || str_eq(a.raw, b.raw)) {
        return a.type == b.type;
    }
    buf_init(&x, a.raw.len + 1);
    buf_init(&y, b.raw.len + 1);
    (void)buf_reserve(&x, a.raw.len + 1); /* a buffer that grows leaves copies in memory */
    (void)buf_reserve(&y, b.raw.len + 1);
    json_canonical(a, &x);
    json_canonical(b, &y);
    same = str_eq(buf_str(&x), buf_str(&y));
    buf_wipe(&x);
    buf_wipe(&y);
    return same;
}

static int by_key(const void *a, const void *b)
{
    const struct json_member *x = *(struct json_member *const *)a;
    const struct json_member *y = *(struct json_member *const *)b;
    int order = str_cmp(x->key, y->key);

    return order != 0 ? order : (x > y) - (x < y);
}

bool json_count_items(struct json v, size_t *budget, size_t *count)
{
    struct json_iter it = json_iter(v);
    struct json item;

    for (*count = 0; *count <= *budget && json_next(&it, NULL, &item);) {
        (*count)++;
    }
    if (*count > *budget) {
        return false;
    }
    *budget -= *count;
    return true;
}

static struct str key_of(struct json raw, struct arena *a)
{
    struct str key = str_n(raw.raw.p + 1, raw.raw.len - 2);
    struct buf b;

    if (str_index(key, '\\') == key.len) {
        return key;
    }
    buf_init(&b, raw.raw.len); /* fits: the unescaped text is shorter */
    (void)json_string(raw, &b);
    key = str_n(arena_str(a, buf_str(&b)), b.len);
    buf_release(&b);
    return key;
}

bool json_members(struct json v, struct arena *a, size_t *budget, struct json_members *out)
{
    struct json_iter it = json_iter(v);
    struct json_members all = {0};

    *out = all;
    if (v.type != JSON_OBJECT || !json_count_items(v, budget, &all.count)) {
        return v.type != JSON_OBJECT;
    }
    all.list = arena_array(a, all.count + 1, sizeof(*all.list));
    all.sorted = arena_array(a, all.count + 1, sizeof(struct json_member *));
    for (size_t i = 0; i < all.count; i++) {
        struct json_member *one = &all.list[i];

        (void)json_next(&it, &one->raw_key, &one->value); /* succeeds: they were counted */
        one->key = key_of(one->raw_key, a);
        all.sorted[i] = one;
    }
    qsort(all.sorted, all.count, sizeof(struct json_member *), by_key);
    for (size_t i = 0; i < all.count; i++) {
        struct json_member *one = all.sorted[i];

        one->last = i + 1 == all.count || !str_eq(one->key, all.sorted[i + 1]->key);
        one->twice = !one->last || (i > 0 && str_eq(one->key, all.sorted[i - 1]->key));
    }
    *out = all;
    return true;
}

const struct json_member *json_member(const struct json_members *all, struct str key)
{
    size_t low = 0;
    size_t high = all->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (str_cmp(all->sorted[mid]->key, key) <= 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low > 0 && str_eq(all->sorted[low - 1]->key, key) ? all->sorted[low - 1] : NULL;
}
