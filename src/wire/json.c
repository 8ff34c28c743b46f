/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

#include "base/limits.h"
#include "base/num.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd, SURROGATE_FIRST = 0xd800, SURROGATE_LOW = 0xdc00, SURROGATE_END = 0xe000 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The checker: a position in the text and the open arrays and objects, a bit each. */
struct check {
    struct str text;
    size_t at;
    unsigned depth;
    uint64_t in_object;
};

static bool more(const struct check *c)
{
    return c->at < c->text.len;
}

static char now(const struct check *c)
{
    return c->at < c->text.len ? c->text.p[c->at] : '\0';
}

static void skip_blanks(struct check *c)
{
    while (more(c) && is_blank(now(c))) {
        c->at++;
    }
}

static bool take_escape(struct check *c)
{
    c->at++;
    if (!more(c)) {
        return false;
    }
    if (now(c) == 'u') {
        for (int i = 0; i < 4; i++) {
            c->at++;
            if (!more(c) || !is_hex(now(c))) {
                return false;
            }
        }
        c->at++;
        return true;
    }
    if (strchr("\"\\/bfnrt", now(c)) == NULL || now(c) == '\0') {
        return false;
    }
    c->at++;
    return true;
}

/* From the opening quote to behind the closing one. */
static bool take_string(struct check *c)
{
    if (now(c) != '"' || !more(c)) {
        return false;
    }
    c->at++;
    while (more(c)) {
        unsigned char byte = (unsigned char)now(c);
        size_t len;

        if (byte == '"') {
            c->at++;
            return true;
        }
        if (byte == '\\') {
            if (!take_escape(c)) {
                return false;
            }
            continue;
        }
        len = byte < 0x20 ? 0 : str_utf8_len(str_drop(c->text, c->at));
        if (len == 0) {
            return false;
        }
        c->at += len;
    }
    return false;
}

static bool take_digits(struct check *c)
{
    size_t start = c->at;

    while (more(c) && is_digit(now(c))) {
        c->at++;
    }
    return c->at > start;
}

static bool take_number(struct check *c)
{
    if (now(c) == '-') {
        c->at++;
    }
    if (now(c) == '0') {
        c->at++;
    } else if (!take_digits(c)) {
        return false;
    }
    if (now(c) == '.') {
        c->at++;
        if (!take_digits(c)) {
            return false;
        }
    }
    if (now(c) == 'e' || now(c) == 'E') {
        c->at++;
        if (now(c) == '+' || now(c) == '-') {
            c->at++;
        }
        return take_digits(c);
    }
    return true;
}

static bool take_word(struct check *c, const char *word)
{
    if (!str_starts(str_drop(c->text, c->at), word)) {
        return false;
    }
    c->at += strlen(word);
    return true;
}

static bool take_scalar(struct check *c)
{
    switch (now(c)) {
    case '"':
        return take_string(c);
    case 't':
        return take_word(c, "true");
    case 'f':
        return take_word(c, "false");
    case 'n':
        return take_word(c, "null");
    default:
        return take_number(c);
    }
}

static bool inside_object(const struct check *c)
{
    return ((c->in_object >> (c->depth - 1)) & 1) != 0;
}

/* A member's key and its colon, where the innermost thing is an object. */
static bool take_key(struct check *c)
{
    if (!inside_object(c)) {
        return true;
    }
    skip_blanks(c);
    if (!take_string(c)) {
        return false;
    }
    skip_blanks(c);
    if (now(c) != ':') {
        return false;
    }
    c->at++;
    return true;
}

/* Behind '[' or '{': true with *empty where it closes at once, else its first key was taken. */
static bool take_open(struct check *c, bool *empty)
{
    bool object = now(c) == '{';
    uint64_t bit = (uint64_t)1 << c->depth;

    c->in_object = object ? c->in_object | bit : c->in_object & ~bit;
    c->depth++;
    c->at++;
    skip_blanks(c);
    *empty = now(c) == (object ? '}' : ']');
    if (*empty) {
        return true;
    }
    return take_key(c);
}

/* Behind a value: closes what ends here, or steps over a comma. True while another value must
 * follow, or at depth 0. */
static bool take_close(struct check *c)
{
    while (c->depth > 0) {
        skip_blanks(c);
        if (now(c) == ',') {
            c->at++;
            return take_key(c);
        }
        if (now(c) != (inside_object(c) ? '}' : ']')) {
            return false;
        }
        c->at++;
        c->depth--;
    }
    return true;
}

static bool check_value(struct check *c, bool *too_deep)
{
    do {
        skip_blanks(c);
        if (now(c) == '[' || now(c) == '{') {
            bool empty = false;

            if (c->depth == LIMIT_JSON_DEPTH) {
                *too_deep = true;
                return false;
            }
            if (!take_open(c, &empty)) {
                return false;
            }
            if (!empty) {
                continue;
            }
        } else if (!more(c) || !take_scalar(c)) {
            return false;
        }
        if (!take_close(c)) {
            return false;
        }
    } while (c->depth > 0);
    return true;
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

int json_parse(struct str text, struct json *root, struct err *e)
{
    struct check c = {.text = text};
    bool too_deep = false;
    struct str raw;

    if (text.len > LIMIT_JSON_TEXT) {
        return err_set(e, ERR_LIMIT, "JSON of %zu bytes is past the limit of %d", text.len,
                       LIMIT_JSON_TEXT);
    }
    if (!check_value(&c, &too_deep)) {
        if (too_deep) {
            return err_set(e, ERR_LIMIT, "JSON is nested deeper than %d", LIMIT_JSON_DEPTH);
        }
        return err_set(e, ERR_FORMAT, more(&c) ? "bad JSON at byte %zu" : "JSON ends at byte %zu",
                       c.at);
    }
    raw = str_trim(str_n(text.p, c.at));
    skip_blanks(&c);
    if (more(&c)) {
        return err_set(e, ERR_FORMAT, "bad JSON at byte %zu: text behind the value", c.at);
    }
    *root = (struct json){type_of(raw), raw};
    return 0;
}

/* From here on the bytes are known to be well-formed. */

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

    if (v.type != JSON_NUMBER || !str_u64(str_drop(v.raw, negative ? 1 : 0), 10, INT64_MAX, &n)) {
        return false;
    }
    *out = negative ? -(int64_t)n : (int64_t)n;
    return true;
}
