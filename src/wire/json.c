/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

#include "base/num.h"

#include <string.h>

/* Everything here works on bytes that json_parse() has found to be well-formed. */

enum {
    REPLACEMENT = 0xfffd,
    SURROGATE_FIRST = 0xd800,
    SURROGATE_LOW = 0xdc00,
    SURROGATE_END = 0xe000
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static enum json_type type_of(struct str raw)
{
    if (raw.len == 0) {
        return JSON_NONE;
    }
    switch (raw.p[0]) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

static struct str drop_blanks(struct str s)
{
    while (s.len > 0 && is_blank(s.p[0])) {
        s = str_drop(s, 1);
    }
    return s;
}

static size_t string_len(struct str s)
{
    size_t i = 1;

    while (i < s.len && s.p[i] != '"') {
        i += s.p[i] == '\\' ? 2 : 1;
    }
    return i + 1 < s.len ? i + 1 : s.len;
}

/* Length of the value that s starts with. */
static size_t value_len(struct str s)
{
    size_t depth = 0;
    size_t i = 0;

    while (i < s.len) {
        char c = s.p[i];

        if (c == '"') {
            i += string_len(str_drop(s, i));
        } else {
            if (depth == 0 && i > 0 && (is_blank(c) || c == ',' || c == ']' || c == '}')) {
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
    return (struct json){type_of(raw), raw};
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

static int put_utf8(unsigned code, struct buf *out)
{
    char bytes[4];
    size_t n;

    if (code < 0x80) {
        bytes[0] = (char)code;
        n = 1;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xc0 | (code >> 6));
        bytes[1] = (char)(0x80 | (code & 0x3f));
        n = 2;
    } else if (code < 0x10000) {
        bytes[0] = (char)(0xe0 | (code >> 12));
        bytes[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        bytes[2] = (char)(0x80 | (code & 0x3f));
        n = 3;
    } else {
        bytes[0] = (char)(0xf0 | (code >> 18));
        bytes[1] = (char)(0x80 | ((code >> 12) & 0x3f));
        bytes[2] = (char)(0x80 | ((code >> 6) & 0x3f));
        bytes[3] = (char)(0x80 | (code & 0x3f));
        n = 4;
    }
    return buf_add(out, bytes, n);
}

/* One \u escape, or two that make a surrogate pair. s starts at the backslash. */
static size_t put_unicode(struct str s, struct buf *out)
{
    unsigned code = hex4(s.p + 2);

    if (code < SURROGATE_FIRST || code >= SURROGATE_END) {
        (void)put_utf8(code, out); /* sticky in out */
        return 6;
    }
    if (code < SURROGATE_LOW && s.len >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
        unsigned low = hex4(s.p + 8);

        if (low >= SURROGATE_LOW && low < SURROGATE_END) {
            code = 0x10000 + ((code - SURROGATE_FIRST) << 10) + (low - SURROGATE_LOW);
            (void)put_utf8(code, out);
            return 12;
        }
    }
    (void)put_utf8(REPLACEMENT, out);
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

        (void)buf_add_str(out, str_n(s.p, run)); /* sticky in out */
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
