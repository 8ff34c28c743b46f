/* SPDX-License-Identifier: MIT */
#include "cli/style.h"

#include "base/env.h"
#include "base/str.h"

#include <string.h>
#include <unistd.h>

static bool is_utf8(char *const *env)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = env_value(env, names[i]);

        if (value != NULL) {
            const char *dot = strchr(value, '.');
            struct str charset = str_c(dot != NULL ? dot + 1 : "");

            charset.len = str_index(charset, '@');
            return str_eq_nocase(charset, "utf-8") || str_eq_nocase(charset, "utf8");
        }
    }
    return false;
}

struct log_style style_find(char *const *env, int fd)
{
    const char *term = env_value(env, "TERM");

    if (isatty(fd) != 1) {
        return (struct log_style){0};
    }
    return (struct log_style){
        .colour =
            term != NULL && strcmp(term, "dumb") != 0 && env_value(env, "NO_COLOR") == NULL,
        .utf8 = is_utf8(env),
    };
}
