/* SPDX-License-Identifier: MIT */
#include "host/git_config.h"

#include <string.h>

/* Returns the next byte without taking it, and '\n' at the end of the text, as git does. CR LF
 * counts as LF. */
static char peek(const struct git_config *c)
{
    if (c->rest.len == 0) {
        return '\n';
    }
    if (c->rest.p[0] == '\r' && c->rest.len > 1 && c->rest.p[1] == '\n') {
        return '\n';
    }
    return c->rest.p[0];
}

static char take(struct git_config *c)
{
    char byte = peek(c);

    if (c->rest.len > 0) {
        c->rest = str_drop(c->rest, byte != c->rest.p[0] ? 2 : 1);
    }
    c->failed = c->failed || byte == '\0';
    return byte;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_key(char c)
{
    return str_is_alnum(c) || c == '-';
}

/* Reads the rest of a subsection in quotes, and the ']' behind it. Returns NULL if it is not
 * valid. */
static const char *read_subsection(struct git_config *c)
{
    char *name = c->scratch;
    size_t len = 0;

    for (;;) {
        char byte = take(c);

        if (byte == '\n') {
            return NULL;
        }
        if (byte == '"') {
            return take(c) == ']' ? arena_str(c->a, str_n(name, len)) : NULL;
        }
        if (byte == '\\') {
            byte = take(c);
            if (byte == '\n') {
                return NULL;
            }
        }
        name[len++] = byte;
    }
}

/* Reads the header of a section behind its '['. Returns false if it is not valid. In the old
 * form [section.subsection], the subsection is in lower case. */
static bool read_header(struct git_config *c)
{
    size_t max = str_index(c->rest, ']') + 1;
    char *name = arena_alloc(c->a, max);
    char *dot;
    size_t len = 0;

    c->subsection = NULL;
    for (;;) {
        char byte = take(c);

        if (byte == ']') {
            break;
        }
        if (is_space(byte)) {
            while (byte != '\n' && is_space(byte)) {
                byte = take(c);
            }
            if (byte != '"') {
                return false;
            }
            c->subsection = read_subsection(c);
            c->section = name;
            return c->subsection != NULL;
        }
        if ((!is_key(byte) && byte != '.') || len + 1 >= max) {
            return false;
        }
        name[len++] = str_lower(byte);
    }
    dot = strchr(name, '.');
    if (dot != NULL) {
        *dot = '\0';
        c->subsection = dot + 1;
    }
    c->section = name;
    return true;
}

/* Reads what follows a backslash in a value. Adds the byte that it stands for to value[*len],
 * and keeps what comes before; the end of a line stands for none. Returns false if it is not a
 * valid escape. */
static bool read_escape(struct git_config *c, char *value, size_t *len, size_t *keep)
{
    static const char escapes[] = "tbn\\\"";
    static const char bytes[] = "\t\b\n\\\"";
    bool more = c->rest.len > 0;
    char byte = take(c);
    const char *found = byte != '\0' ? strchr(escapes, byte) : NULL;

    if (found != NULL) {
        value[(*len)++] = bytes[found - escapes];
        *keep = *len;
    }
    return found != NULL || (byte == '\n' && more);
}

/* Reads a value behind its '='. Returns NULL if it is not valid. Blanks at its end are removed
 * unless they are quoted. */
static const char *read_value(struct git_config *c)
{
    char *value = c->scratch;
    size_t len = 0;
    size_t keep = 0;
    bool quoted = false;
    bool comment = false;

    for (;;) {
        char byte = take(c);

        if (byte == '\n') {
            return quoted ? NULL : arena_str(c->a, str_n(value, keep));
        }
        if (comment || (is_space(byte) && !quoted && len == 0)) {
            continue;
        }
        if (!quoted && (byte == ';' || byte == '#')) {
            comment = true;
            continue;
        }
        if (byte == '"') {
            quoted = !quoted;
            keep = len;
            continue;
        }
        if (byte == '\\') {
            if (!read_escape(c, value, &len, &keep)) {
                return NULL;
            }
            continue;
        }
        value[len++] = byte;
        keep = quoted || !is_space(byte) ? len : keep;
    }
}

/* Reads a variable whose name begins at the current position. Returns false if it is not
 * valid. */
static bool read_variable(struct git_config *c, struct git_config_item *out)
{
    size_t len = 0;
    char *key;

    while (len < c->rest.len && is_key(c->rest.p[len])) {
        len++;
    }
    key = arena_str(c->a, str_n(c->rest.p, len));
    for (size_t i = 0; i < len; i++) {
        key[i] = str_lower(key[i]);
    }
    c->rest = str_drop(c->rest, len);
    while (peek(c) == ' ' || peek(c) == '\t') {
        (void)take(c);
    }
    *out = (struct git_config_item){
        .section = c->section, .subsection = c->subsection, .key = key};
    if (peek(c) == '\n') {
        (void)take(c);
        return true;
    }
    if (take(c) != '=') {
        return false;
    }
    out->value = read_value(c);
    return out->value != NULL;
}

bool git_config_next(struct git_config *c, struct git_config_item *out)
{
    bool comment = false;

    if (!c->begun) {
        c->begun = true;
        c->scratch = arena_alloc(c->a, c->rest.len + 1);
        if (str_starts(c->rest, "\xef\xbb\xbf")) {
            c->rest = str_drop(c->rest, 3);
        }
    }
    while (c->rest.len > 0 && !c->failed) {
        char byte = peek(c);

        if (byte == '\n' || comment || is_space(byte)) {
            comment = comment && byte != '\n';
            (void)take(c);
        } else if (byte == '#' || byte == ';') {
            comment = true;
        } else if (byte == '[') {
            (void)take(c);
            c->failed = !read_header(c) || c->failed;
        } else if (c->section != NULL && is_alpha(byte)) {
            c->failed = !read_variable(c, out) || c->failed;
            return !c->failed;
        } else {
            c->failed = true;
        }
    }
    return false;
}
