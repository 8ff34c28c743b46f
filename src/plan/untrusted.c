/* SPDX-License-Identifier: MIT */
#include "plan/untrusted.h"

#include "base/path.h"

#include <string.h>

const struct fact_untrusted *untrusted_find(const struct facts *f, const char *path)
{
    for (size_t i = 0; path != NULL && i < f->untrusted_count; i++) {
        if (strcmp(f->untrusted[i].path, path) == 0) {
            return &f->untrusted[i];
        }
    }
    return NULL;
}

const char *untrusted_why(const struct facts *f, const char *path)
{
    const struct fact_untrusted *u = untrusted_find(f, path);

    return u != NULL ? u->why : NULL;
}

/* Returns "PATHS: WHY" for all paths whose reason is that of list[first]. Returns NULL if an
 * earlier one has the same reason. */
static const char *group(const struct fact_untrusted *list, size_t count, size_t first,
                         struct arena *a)
{
    const char *why = list[first].why;
    const char *paths = list[first].path;
    bool several = false;

    for (size_t i = 0; i < count; i++) {
        if (i == first || strcmp(list[i].why, why) != 0) {
            continue;
        }
        if (i < first) {
            return NULL;
        }
        paths = arena_printf(a, "%s, %s", paths, list[i].path);
        several = true;
    }
    return several && strncmp(why, "it ", 3) == 0
               ? arena_printf(a, "%s: each %s", paths, why + 3)
               : arena_printf(a, "%s: %s", paths, why);
}

void untrusted_lines(const struct fact_untrusted *list, size_t count, struct arena *a,
                     struct strv *out)
{
    const char *words = "";
    const char *them;
    size_t accepted = 0;

    for (size_t i = 0; i < count; i++) {
        if (list[i].can_pin) {
            words = arena_printf(a, "%s %s", words, path_word(a, list[i].path));
            accepted++;
        }
    }
    if (count == 1) {
        strv_add(out, a,
                 arena_printf(a, "%s is not shared: %s%s%s", list->path, list->why,
                              accepted > 0 ? ". To accept its present content: cco trust" : "",
                              words));
        return;
    }
    if (count > 1) {
        strv_add(out, a, arena_printf(a, "%zu of your files are not shared:", count));
    }
    for (size_t i = 0; i < count; i++) {
        const char *line = group(list, count, i, a);

        if (line != NULL) {
            strv_add(out, a, line);
        }
    }
    them = accepted == count ? "their present content"
           : accepted > 1    ? "the present content of these"
                             : "the present content of this one";
    if (accepted > 0) {
        strv_add(out, a, arena_printf(a, "To accept %s: cco trust%s", them, words));
    }
}

const char *untrusted_pin(const struct facts *f, const char *physical)
{
    for (size_t i = 0; physical != NULL && i < f->pin_count; i++) {
        if (strcmp(f->pins[i].physical, physical) == 0) {
            return f->pins[i].sha256;
        }
    }
    return NULL;
}
