/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "plan/build.h"

#include <string.h>

enum { NAME_DIR_MAX = 32, NAME_HEX = 4 };

static bool is_name_byte(char c)
{
    return str_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

bool plan_name_is_valid(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_name_byte(name.p[i])) {
            return false;
        }
    }
    return name.len > 0 && name.len <= LIMIT_NAME;
}

/* Writes the text to `out` as a name: a run of bytes that names cannot have becomes one hyphen.
 * `out` has room for max + 1 bytes. Returns the length, which is 0 if nothing is left. */
static size_t readable_name(const char *text, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; text[i] != '\0' && n < max; i++) {
        char c = is_name_byte(text[i]) ? text[i] : '-';

        if (c != '-' || (n > 0 && out[n - 1] != '-')) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return n;
}

const char *name_build(const struct builder *b)
{
    static const char prefix[] = PLAN_NAME_PREFIX;
    const char *given = b->o->name;
    char name[LIMIT_NAME - (sizeof(prefix) - 1) + 1];
    char dir[NAME_DIR_MAX + 1];

    if (given != NULL && strncmp(given, prefix, sizeof(prefix) - 1) == 0) {
        given += sizeof(prefix) - 1;
    }
    if (given != NULL && (!plan_name_is_valid(str_c(given)) || strlen(given) >= sizeof(name))) {
        given = readable_name(given, name, sizeof(name) - 1) > 0 ? name : NULL;
    }
    if (given != NULL) {
        return arena_printf(b->a, "%s%s", prefix, given);
    }
    return arena_printf(
        b->a, "%s%s-%.*s", prefix,
        readable_name(path_base(b->f->project), dir, NAME_DIR_MAX) > 0 ? dir : "project",
        NAME_HEX, b->f->random);
}
