/* SPDX-License-Identifier: MIT */
#include "wire/dotenv.h"

#include <string.h>

void dotenv_init(struct dotenv *d, struct str text)
{
    *d = (struct dotenv){.rest = text};
    if (str_starts(text, "\xef\xbb\xbf")) {
        d->rest = str_drop(text, 3); /* a byte order mark of Windows editors */
    }
}

bool dotenv_is_key(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

        if (!letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return s.len > 0;
}

static struct str trim_front(struct str s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s = str_drop(s, 1);
    }
    return s;
}

static struct str unquote(struct str s)
{
    if (s.len >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.len - 1] == s.p[0]) {
        return str_n(s.p + 1, s.len - 2);
    }
    return s;
}

enum dotenv_kind dotenv_next(struct dotenv *d, struct str *key, struct str *value)
{
    while (d->rest.len > 0) {
        struct str line = {0};

        (void)str_cut(&d->rest, '\n', &line);
        d->line++;
        line = trim_front(line);
        if (str_ends(line, "\r")) {
            line.len--;
        }
        if (line.len == 0 || line.p[0] == '#') {
            continue;
        }
        if (str_starts(line, "export ") || str_starts(line, "export\t")) {
            line = trim_front(str_drop(line, strlen("export ")));
        }
        *value = line;
        if (!str_cut(value, '=', key) || !dotenv_is_key(*key) ||
            memchr(line.p, '\0', line.len) != NULL) {
            return DOTENV_BAD;
        }
        *value = unquote(*value);
        return DOTENV_SET;
    }
    return DOTENV_END;
}
