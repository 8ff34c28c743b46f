/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <string.h>

struct str str_c(const char *s)
{
    return (struct str){s, s == NULL ? 0 : strlen(s)};
}

struct str str_n(const char *p, size_t len)
{
    return (struct str){p, len};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_c(b));
}

bool str_is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char str_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, const char *b)
{
    if (a.len != strlen(b)) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (str_lower(a.p[i]) != str_lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool str_starts(struct str s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && (len == 0 || memcmp(s.p, prefix, len) == 0);
}

bool str_ends(struct str s, const char *suffix)
{
    size_t len = strlen(suffix);

    return s.len >= len && (len == 0 || memcmp(s.p + (s.len - len), suffix, len) == 0);
}

bool str_is_zeros(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] != '\0') {
            return false;
        }
    }
    return true;
}

bool str_contains(struct str s, const char *needle)
{
    size_t len = strlen(needle);

    if (len == 0) {
        return true;
    }
    return s.len >= len && memmem(s.p, s.len, needle, len) != NULL;
}

int str_cmp(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.p, b.p, len);

    if (order != 0) {
        return order;
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

size_t str_index(struct str s, char c)
{
    const char *at = s.len == 0 ? NULL : memchr(s.p, c, s.len);

    return at == NULL ? s.len : (size_t)(at - s.p);
}

bool str_cut(struct str *s, char sep, struct str *head)
{
    size_t at = str_index(*s, sep);
    bool found = at < s->len;

    *head = str_n(s->p, at);
    *s = str_drop(*s, found ? at + 1 : at);
    return found;
}

struct str str_drop(struct str s, size_t n)
{
    if (n >= s.len) {
        return str_n(s.p == NULL ? NULL : s.p + s.len, 0);
    }
    return str_n(s.p + n, s.len - n);
}

bool str_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && str_is_blank(s.p[0])) {
        s = str_drop(s, 1);
    }
    while (s.len > 0 && str_is_blank(s.p[s.len - 1])) {
        s.len--;
    }
    return s;
}

static bool is_tail(struct str s, size_t at, unsigned char low, unsigned char high)
{
    return at < s.len && (unsigned char)s.p[at] >= low && (unsigned char)s.p[at] <= high;
}

/* The range of the second byte depends on the first byte: RFC 3629, section 4. */
size_t str_utf8_len(struct str s)
{
    unsigned char c;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t len;

    if (s.len == 0) {
        return 0;
    }
    c = (unsigned char)s.p[0];
    if (c < 0x80) {
        return 1;
    }
    if (c < 0xc2 || c > 0xf4) {
        return 0;
    }
    len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (c == 0xe0) {
        low = 0xa0;
    } else if (c == 0xed) {
        high = 0x9f;
    } else if (c == 0xf0) {
        low = 0x90;
    } else if (c == 0xf4) {
        high = 0x8f;
    }
    if (!is_tail(s, 1, low, high)) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if (!is_tail(s, i, 0x80, 0xbf)) {
            return 0;
        }
    }
    return len;
}

bool str_is_steering(struct str text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text.p;

    if (len == 2) {
        return p[0] == 0xd8 && p[1] == 0x9c;
    }
    return len == 3 && p[0] == 0xe2 &&
           ((p[1] == 0x80 &&
             (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae))) ||
            (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

size_t str_utf8_cut(struct str s)
{
    for (size_t n = 1; n <= 3 && n <= s.len; n++) {
        unsigned char c = (unsigned char)s.p[s.len - n];

        if ((c & 0xc0) != 0x80) {
            size_t want = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

            return want > n ? n : 0;
        }
    }
    return 0;
}

size_t str_utf8_put(uint32_t code, char out[STR_UTF8_MAX])
{
    size_t n = 0;

    if (code < 0x80) {
        out[n++] = (char)code;
    } else if (code < 0x800) {
        out[n++] = (char)(0xc0 | code >> 6);
        out[n++] = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out[n++] = (char)(0xe0 | code >> 12);
        out[n++] = (char)(0x80 | (code >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (code & 0x3f));
    } else {
        out[n++] = (char)(0xf0 | (code >> 18 & 0x07));
        out[n++] = (char)(0x80 | (code >> 12 & 0x3f));
        out[n++] = (char)(0x80 | (code >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (code & 0x3f));
    }
    return n;
}
