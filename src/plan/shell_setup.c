/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan/passed.h"

#include <string.h>

/* The names that a line has at most. */
enum { NAMED_MAX = 6 };

static void add_programs(struct builder *b)
{
    const char *list = "";
    const char *first = NULL;

    for (size_t i = 0; i < b->f->program_dirs.count; i++) {
        const char *dir = b->f->program_dirs.v[i];

        if (!paths_shown(b, dir)) {
            list = arena_printf(b->a, "%s%s%s", list, first != NULL ? ", " : "", dir);
            first = first != NULL ? first : dir;
        }
    }
    if (first != NULL) {
        missing_add(&b->p->missing, b->a, arena_printf(b->a, "programs %s", list),
                    arena_printf(b->a,
                                 "the programs of these directories of PATH are missing "
                                 "inside: %s. To share one: --ro %s%s",
                                 list, path_word(b->a, first),
                                 plan_is_native(b->p) ? "" : " --env PATH"));
    }
}

static bool is_set(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->env.count; i++) {
        if (strcmp(p->env.vars[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_variables(struct builder *b)
{
    const char *list = "";
    const char *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < b->f->env_names.count; i++) {
        const char *name = b->f->env_names.v[i];

        if (!passed_is_of_tools(name) || is_set(b->p, name)) {
            continue;
        }
        if (count++ < NAMED_MAX) {
            list = arena_printf(b->a, "%s%s%s", list, first != NULL ? ", " : "", name);
            first = first != NULL ? first : name;
        }
    }
    if (count > NAMED_MAX) {
        list = arena_printf(b->a, "%s and %zu more", list, count - NAMED_MAX);
    }
    if (first != NULL) { /* one cause, because variables come and go from start to start */
        missing_add(
            &b->p->missing, b->a, "variables",
            arena_printf(b->a, "these variables are missing inside: %s. To pass one: --env %s",
                         list, first));
    }
}

void shell_setup_build(struct builder *b)
{
    add_programs(b);
    add_variables(b);
}
