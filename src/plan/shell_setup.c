/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan/passed.h"

#include <string.h>

/* The names that the line has at most. */
enum { DIRS_MAX = 3, VARIABLES_MAX = 4 };

/* The first names of one kind, with commas between them, and the number of all of them. */
struct named {
    const char *text;
    size_t count;
};

static void add_name(struct builder *b, struct named *n, size_t max, const char *name)
{
    if (n->count < max) {
        n->text = n->count == 0 ? name : arena_printf(b->a, "%s, %s", n->text, name);
    }
    n->count++;
}

/* Adds the word for one kind, with its names, to `parts`, if there are names. */
static void add_part(struct builder *b, const struct named *n, size_t max, const char *kind,
                     struct strv *parts)
{
    if (n->count > max) {
        strv_add(parts, b->a,
                 arena_printf(b->a, "%s (%s and %zu more)", kind, n->text, n->count - max));
    } else if (n->count > 0) {
        strv_add(parts, b->a, arena_printf(b->a, "%s (%s)", kind, n->text));
    }
}

static struct named programs(struct builder *b)
{
    struct named n = {0};

    for (size_t i = 0; i < b->f->program_dirs.count; i++) {
        const char *dir = b->f->program_dirs.v[i];

        if (!paths_shown(b, dir)) {
            add_name(b, &n, DIRS_MAX,
                     path_is_inside(dir, b->f->home)
                         ? arena_printf(b->a, "~%s", dir + strlen(b->f->home))
                         : dir);
        }
    }
    return n;
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

static struct named variables(struct builder *b)
{
    struct named n = {0};

    for (size_t i = 0; i < b->f->env_names.count; i++) {
        const char *name = b->f->env_names.v[i];

        if (passed_is_of_tools(name) && !is_set(b->p, name)) {
            add_name(b, &n, VARIABLES_MAX, name);
        }
    }
    return n;
}

void shell_setup_build(struct builder *b)
{
    const struct named dirs = programs(b);
    const struct named vars = variables(b);
    struct strv parts = {0};
    struct strv settings = {0};

    add_part(b, &dirs, DIRS_MAX, "programs", &parts);
    add_part(b, &vars, VARIABLES_MAX, "variables", &parts);
    if (parts.count == 0) {
        return;
    }
    if (dirs.count > 0) {
        strv_add(&settings, b->a, "ro = DIR");
    }
    if (dirs.count > 0 && !plan_is_native(b->p)) {
        strv_add(&settings, b->a, "env = PATH");
    }
    if (vars.count > 0) {
        strv_add(&settings, b->a, "env = NAME");
    }
    /* There is one cause, because names come and go from start to start. */
    missing_add(&b->p->missing, b->a, "shell",
                arena_printf(b->a,
                             "your shell has %s that are missing inside. To have one in every "
                             "session, write in the configuration: %s",
                             strv_join(&parts, " and ", b->a),
                             strv_join(&settings, ", ", b->a)));
}
