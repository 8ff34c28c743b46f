/* SPDX-License-Identifier: MIT */
#include "sync/ignore_config.h"

#include "base/limits.h"
#include "sync/ignore_glob.h"

#include <string.h>

void ignore_config_init(struct ignore_config *c, struct str text)
{
    *c = (struct ignore_config){.rest = text};
    if (str_starts(text, "\xef\xbb\xbf")) {
        c->rest = str_drop(text, 3);
    }
    buf_init(&c->value, LIMIT_FILE_SMALL);
}

void ignore_config_release(struct ignore_config *c)
{
    buf_release(&c->value);
}

/* Reads and returns the next byte. CR LF becomes LF. Returns NUL at the end of the text, and
 * also for a NUL in the text, which ends the parsing as well. */
static char take(struct ignore_config *c)
{
    char b;

    if (c->rest.len == 0) {
        return '\0';
    }
    b = c->rest.p[0];
    c->rest = str_drop(c->rest, 1);
    if (b == '\r' && c->rest.len > 0 && c->rest.p[0] == '\n') {
        c->rest = str_drop(c->rest, 1);
        b = '\n';
    }
    return b;
}

static char peek(const struct ignore_config *c)
{
    return c->rest.len > 0 ? c->rest.p[0] : '\0';
}

static bool is_blank(char b)
{
    return b == ' ' || b == '\t' || b == '\r';
}

static void skip_line(struct ignore_config *c)
{
    char b = take(c);

    while (b != '\n' && c->rest.len > 0) {
        b = take(c);
    }
}

/* Adds a byte to the name if there is room. *len counts it in any case, so that the caller can
 * recognize a name that is too long. */
static void add(struct ignore_config *c, size_t *len, char b)
{
    if (*len < sizeof(c->name) - 1) {
        c->name[*len] = b;
    }
    (*len)++;
}

/* Reads the rest of [section "subsection"] behind the first quote. Returns false if it is
 * malformed. */
static bool take_subsection(struct ignore_config *c, size_t *len)
{
    for (;;) {
        char b = take(c);

        if (b == '"') {
            return take(c) == ']';
        }
        if (b == '\\') {
            b = take(c);
        }
        if (b == '\0' || b == '\n') {
            return false;
        }
        add(c, len, b);
    }
}

/* Reads the rest of a section header behind the opening bracket. Returns false if it is
 * malformed. */
static bool take_section(struct ignore_config *c)
{
    size_t len = 0;
    char b;

    for (b = take(c); str_is_alnum(b) || b == '-' || b == '.'; b = take(c)) {
        add(c, &len, (char)ignore_glob_fold((unsigned char)b));
    }
    if (is_blank(b)) {
        while (is_blank(b)) {
            b = take(c);
        }
        add(c, &len, '.');
        if (b != '"' || !take_subsection(c, &len)) {
            return false;
        }
    } else if (b != ']') {
        return false;
    }
    add(c, &len, '.');
    c->section_len = len < sizeof(c->name) - 1 ? len : 0;
    return true;
}

/* Reads the rest of an escape sequence in a value, behind the backslash. Returns false if git
 * does not know the sequence. */
static bool take_escaped(struct ignore_config *c)
{
    static const char escapes[][2] = {
        {'"', '"'}, {'\\', '\\'}, {'n', '\n'}, {'t', '\t'}, {'b', '\b'}};
    char b = take(c);

    if (b == '\n') {
        return true; /* the value continues on the next line */
    }
    for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
        if (b == escapes[i][0]) {
            return buf_add_byte(&c->value, (unsigned char)escapes[i][1]) == 0;
        }
    }
    return false;
}

/* Reads a value behind the equals sign. Blanks at both ends are removed, except in quotes.
 * Returns false if it is malformed. */
static bool take_value(struct ignore_config *c)
{
    bool quoted = false;
    size_t end = 0; /* length of the value without blanks at the end */

    for (;;) {
        char b = take(c);

        if (b == '\0' || b == '\n') {
            break;
        }
        if (!quoted && (b == '#' || b == ';')) {
            skip_line(c);
            break;
        }
        if (b == '"') {
            quoted = !quoted;
            end = c->value.len;
            continue;
        }
        if (!quoted && is_blank(b)) {
            if (c->value.len > 0 && buf_add_byte(&c->value, ' ') < 0) {
                return false;
            }
            continue;
        }
        if (b == '\\' ? !take_escaped(c) : buf_add_byte(&c->value, (unsigned char)b) < 0) {
            return false;
        }
        end = c->value.len;
    }
    c->value.len = end;
    return !quoted;
}

/* Reads a line that begins with a letter: a variable. Sets *counts to false if the name of the
 * variable or of its section is too long. Returns false if the line is malformed. */
static bool take_variable(struct ignore_config *c, bool *counts)
{
    size_t len = c->section_len;
    char b;

    buf_reset(&c->value);
    while (str_is_alnum(peek(c)) || peek(c) == '-') {
        add(c, &len, (char)ignore_glob_fold((unsigned char)take(c)));
    }
    *counts = c->section_len > 0 && len < sizeof(c->name);
    if (*counts) {
        c->name[len] = '\0';
    }
    while (is_blank(peek(c)) && c->rest.len > 0) {
        (void)take(c);
    }
    b = take(c);
    c->has_value = b == '=';
    if (b == '\0' || b == '\n') {
        return true;
    }
    return c->has_value && take_value(c);
}

bool ignore_config_next(struct ignore_config *c)
{
    while (c->rest.len > 0) {
        char b = peek(c);
        bool counts = false;
        bool good = true;

        if (b == '#' || b == ';') {
            skip_line(c);
        } else if (is_blank(b) || b == '\n') {
            (void)take(c);
        } else if (b == '[') {
            (void)take(c);
            good = take_section(c);
        } else {
            good = str_is_alnum(b) && take_variable(c, &counts);
        }
        if (!good) {
            c->rest = str_n(NULL, 0);
            return false;
        }
        if (counts) {
            return true;
        }
    }
    return false;
}

bool ignore_config_bool(const struct ignore_config *c, bool otherwise)
{
    struct str v = buf_str(&c->value);

    if (!c->has_value || str_eq_nocase(v, "true") || str_eq_nocase(v, "yes") ||
        str_eq_nocase(v, "on") || str_eq_c(v, "1")) {
        return true;
    }
    if (v.len == 0 || str_eq_nocase(v, "false") || str_eq_nocase(v, "no") ||
        str_eq_nocase(v, "off") || str_eq_c(v, "0")) {
        return false;
    }
    return otherwise;
}
