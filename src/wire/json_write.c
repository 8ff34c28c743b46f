/* SPDX-License-Identifier: MIT */
#include "wire/json.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

void json_w_init(struct json_w *w, struct buf *out, unsigned indent)
{
    *w = (struct json_w){.out = out, .indent = indent};
}

static void put(struct json_w *w, const char *p, size_t len)
{
    if (buf_add(w->out, p, len) < 0) {
        w->failed = true;
    }
}

static uint64_t level(const struct json_w *w)
{
    return (uint64_t)1 << (w->depth - 1);
}

static void new_line(struct json_w *w)
{
    if (w->indent == 0) {
        return;
    }
    put(w, "\n", 1);
    for (unsigned i = 0; i < w->depth * w->indent; i++) {
        put(w, " ", 1);
    }
}

/* Writes what must stand before an item: a comma, and a line break with the indentation. */
static void separate(struct json_w *w)
{
    if ((w->has_item & level(w)) != 0) {
        put(w, ",", 1);
    }
    w->has_item |= level(w);
    new_line(w);
}

/* Writes what must stand before a value. Returns false if no value is permitted here. */
static bool begin_value(struct json_w *w)
{
    if (w->depth == 0) {
        w->failed = w->failed || w->written;
        w->written = true;
    } else if ((w->in_object & level(w)) == 0) {
        separate(w);
    } else {
        w->failed = w->failed || !w->after_key;
    }
    w->after_key = false;
    return !w->failed;
}

static void open_level(struct json_w *w, bool object)
{
    if (w->depth == LIMIT_JSON_DEPTH) {
        w->failed = true;
    }
    if (!begin_value(w)) {
        return;
    }
    put(w, object ? "{" : "[", 1);
    w->depth++;
    w->in_object = object ? w->in_object | level(w) : w->in_object & ~level(w);
    w->has_item &= ~level(w);
}

void json_w_object(struct json_w *w)
{
    open_level(w, true);
}

void json_w_array(struct json_w *w)
{
    open_level(w, false);
}

void json_w_end(struct json_w *w)
{
    bool object;
    bool had_items;

    if (w->depth == 0 || w->after_key) {
        w->failed = true;
    }
    if (w->failed) {
        return;
    }
    object = (w->in_object & level(w)) != 0;
    had_items = (w->has_item & level(w)) != 0;
    w->depth--;
    if (had_items) {
        new_line(w);
    }
    put(w, object ? "}" : "]", 1);
}

/* Returns the code point of the character of `len` bytes, 1 to 3, at the start of s. */
static unsigned code_of(struct str s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s.p;

    return len == 1   ? p[0]
           : len == 2 ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
                      : (p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
}

/* Returns whether the first character of s, of `len` bytes, is written as an escape: because
 * JSON demands it, or because it could control a terminal on which the JSON is shown. */
static bool needs_escape(struct str s, size_t len)
{
    const unsigned code = len <= 3 ? code_of(s, len) : 0x10000;

    return code < 0x20 || code == '"' || code == '\\' || (code >= 0x7f && code < 0xa0) ||
           str_is_steering(s, len);
}

static void put_escaped(struct json_w *w, unsigned code)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    const char *found = code < 0x80 ? memchr(from, (int)code, sizeof(from) - 1) : NULL;
    char text[8];
    int len;

    if (found != NULL) {
        text[0] = '\\';
        text[1] = to[found - from];
        len = 2;
    } else {
        len = snprintf(text, sizeof(text), "\\u%04x", code);
    }
    put(w, text, (size_t)len);
}

static void put_string(struct json_w *w, struct str s)
{
    size_t plain = 0; /* bytes at the front of s that need no escape */

    put(w, "\"", 1);
    while (plain < s.len) {
        struct str rest = str_drop(s, plain);
        size_t len = str_utf8_len(rest);

        if (len > 0 && !needs_escape(rest, len)) {
            plain += len;
            continue;
        }
        put(w, s.p, plain);
        if (len == 0) {
            w->lossy = true;
            put(w, "\xef\xbf\xbd", 3);
        } else {
            put_escaped(w, code_of(rest, len));
        }
        s = str_drop(rest, len > 0 ? len : 1);
        plain = 0;
    }
    put(w, s.p, plain);
    put(w, "\"", 1);
}

void json_w_key(struct json_w *w, const char *key)
{
    if (w->depth == 0 || (w->in_object & level(w)) == 0 || w->after_key) {
        w->failed = true;
    }
    if (w->failed) {
        return;
    }
    separate(w);
    put_string(w, str_c(key));
    put(w, w->indent > 0 ? ": " : ":", w->indent > 0 ? 2 : 1);
    w->after_key = true;
}

void json_w_str(struct json_w *w, struct str s)
{
    if (begin_value(w)) {
        put_string(w, s);
    }
}

void json_w_raw(struct json_w *w, struct str checked)
{
    if (begin_value(w)) {
        put(w, checked.p, checked.len);
    }
}

void json_w_null(struct json_w *w)
{
    json_w_raw(w, str_c("null"));
}

void json_w_c(struct json_w *w, const char *s)
{
    if (s == NULL) {
        json_w_null(w);
    } else {
        json_w_str(w, str_c(s));
    }
}

void json_w_u64(struct json_w *w, uint64_t n)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)n);

    json_w_raw(w, str_n(text, (size_t)len));
}

void json_w_bool(struct json_w *w, bool b)
{
    json_w_raw(w, str_c(b ? "true" : "false"));
}

void json_w_member(struct json_w *w, const char *key, const char *value)
{
    json_w_key(w, key);
    json_w_c(w, value);
}

void json_w_member_bool(struct json_w *w, const char *key, bool value)
{
    json_w_key(w, key);
    json_w_bool(w, value);
}

void json_w_member_u64(struct json_w *w, const char *key, uint64_t value)
{
    json_w_key(w, key);
    json_w_u64(w, value);
}

void json_w_member_list(struct json_w *w, const char *key, const char *const *items,
                        size_t count)
{
    json_w_key(w, key);
    json_w_array(w);
    for (size_t i = 0; i < count; i++) {
        json_w_c(w, items[i]);
    }
    json_w_end(w);
}

void json_w_member_words(struct json_w *w, const char *key, const char *text)
{
    struct str rest = str_c(text);
    struct str word = {0};

    json_w_key(w, key);
    json_w_array(w);
    while (rest.len > 0) {
        (void)str_cut(&rest, ' ', &word);
        if (word.len > 0) {
            json_w_str(w, word);
        }
    }
    json_w_end(w);
}

int json_done(const struct json_w *w)
{
    return w->failed || w->depth > 0 || !w->written ? -1 : 0;
}
