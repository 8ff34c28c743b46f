/* SPDX-License-Identifier: MIT */
/* Checks that a text is JSON; json_read.c relies on this check. Also finds the end of each text
 * in a stream. */
#include "wire/json.h"

#include "base/limits.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The checker: a position in the text, and for each open array or object whether it is an
 * object. */
struct check {
    struct str text;
    size_t at;
    unsigned depth;
    uint64_t in_object; /* a bit for each level */
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
    while (more(c) && str_is_blank(now(c))) {
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

/* Takes a string, including both quotes. */
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

/* Takes the key of a member and its colon, if the innermost level is an object. */
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

/* Enters an array or object, and takes its first key. Sets *empty if it is empty: the closing
 * bracket is not taken then. */
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

/* After a value: closes the levels that end here, and takes a comma with the key behind it.
 * Returns true if another value must follow (depth > 0), or if the text is complete (depth
 * 0). */
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

struct json json_of(struct str raw)
{
    static const char first[] = "{[\"tfn";
    static const enum json_type types[] = {JSON_OBJECT, JSON_ARRAY, JSON_STRING,
                                           JSON_TRUE,   JSON_FALSE, JSON_NULL};
    const char *found = raw.len > 0 ? memchr(first, raw.p[0], sizeof(first) - 1) : NULL;

    return (struct json){raw.len == 0    ? JSON_NONE
                         : found != NULL ? types[found - first]
                                         : JSON_NUMBER,
                         raw};
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
        return err_set(e, ERR_FORMAT,
                       more(&c) ? "malformed JSON at byte %zu"
                                : "the JSON text ends at byte %zu and is not complete",
                       c.at);
    }
    raw = str_trim(str_n(text.p, c.at));
    skip_blanks(&c);
    if (more(&c)) {
        return err_set(e, ERR_FORMAT, "malformed JSON at byte %zu: text after the value", c.at);
    }
    *root = json_of(raw);
    return 0;
}

static void scan_in_string(struct json_split *s, char c)
{
    if (s->escaped) {
        s->escaped = false;
    } else if (c == '\\') {
        s->escaped = true;
    } else if (c == '"') {
        s->in_string = false;
    }
}

/* Scans a byte outside of strings. Returns true if a value ends with it. */
static bool scan_byte(struct json_split *s, char c)
{
    switch (c) {
    case '"':
        s->in_string = true;
        s->in_value = true;
        return false;
    case '{':
    case '[':
        s->depth++;
        s->in_value = true;
        return false;
    case '}':
    case ']':
        if (s->depth == 0) {
            s->failed = true;
            return false;
        }
        s->depth--;
        return s->depth == 0;
    default:
        s->in_value = s->in_value || !str_is_blank(c);
        return false;
    }
}

size_t json_split_scan(struct json_split *s, struct str in, bool *complete)
{
    *complete = false;
    for (size_t i = 0; i < in.len && !s->failed; i++) {
        char c = in.p[i];

        if (s->in_string) {
            scan_in_string(s, c);
            *complete = !s->in_string && s->depth == 0;
        } else if (s->in_value && s->depth == 0 && str_is_blank(c)) {
            *complete = true; /* a number or a word ends at a blank */
        } else {
            *complete = scan_byte(s, c);
        }
        if (*complete) {
            s->in_value = false;
            return i + 1;
        }
    }
    return in.len;
}
