/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include "base/path.h"
#include "cli/option_value.h"

#include <string.h>

enum { LINE_NAME_MAX = 64 };

struct line {
    const char *path, *home;
    unsigned number;
    struct arena *arena;
    struct opts *o;
};

static int bad(const struct line *l, struct err *e, const char *what)
{
    (void)err_set(e, ERR_USAGE, "%s:%u: %s", l->path, l->number, what);
    return err_hint(e, "Each line is NAME = VALUE; the names are the options of cco --help.");
}

static const struct option *find(struct str name)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if (str_eq_c(name, opt->name) || (opt->alias != NULL && str_eq_c(name, opt->alias))) {
            return opt;
        }
    }
    return NULL;
}

static bool names_path(const struct option *opt)
{
    return opt->id == OPT_ADD_DIR || opt->id == OPT_RO || opt->id == OPT_DENY;
}

static int set_flag(const struct line *l, const struct option *opt, struct str value,
                    struct err *e)
{
    if (!str_eq_c(value, "true") && !str_eq_c(value, "false")) {
        return bad(l, e, arena_printf(l->arena, "%s is true or false", opt->name));
    }
    *(bool *)((char *)l->o + opt->flag) = str_eq_c(value, "true");
    return 0;
}

static int set_value(const struct line *l, const struct option *opt, struct str value,
                     struct err *e)
{
    const char *text = arena_str(l->arena, value);
    struct err own = {0};

    if (names_path(opt)) {
        if (str_starts(value, "~/")) {
            text = path_join(l->arena, l->home, text + 2);
        }
        if (text[0] != '/') {
            return bad(
                l, e, arena_printf(l->arena, "%s: a path here begins with / or ~/", opt->name));
        }
    }
    if (option_set_value(l->arena, l->o, opt, text, &own) < 0) {
        return bad(l, e, own.text);
    }
    if (names_path(opt)) {
        /* What is not on this machine, or not now, is no mistake in a file that serves every project. */
        l->o->paths[l->o->path_count - 1].optional = true;
    }
    return 0;
}

static int one_line(const struct line *l, struct str text, struct err *e)
{
    struct str value = text;
    struct str name = {0};
    const struct option *opt;
    bool assigned;

    text = str_trim(text);
    if (text.len == 0 || text.p[0] == '#') {
        return 0;
    }
    value = text;
    assigned = str_cut(&value, '=', &name);
    name = str_trim(name);
    value = str_trim(value);
    if (!assigned || memchr(text.p, '\0', text.len) != NULL) {
        return bad(l, e, "this is not NAME = VALUE");
    }
    opt = find(name);
    if (opt == NULL || !opt->in_config) {
        return bad(l, e,
                   arena_printf(l->arena, "%.*s: %s",
                                name.len < LINE_NAME_MAX ? (int)name.len : LINE_NAME_MAX,
                                name.p,
                                opt == NULL ? "no such option" : "only for the command line"));
    }
    return opt->value == NULL ? set_flag(l, opt, value, e) : set_value(l, opt, value, e);
}

int config_parse(struct str text, const char *path, const char *home, struct arena *a,
                 struct opts *o, struct err *e)
{
    struct line l = {.path = path, .home = home, .arena = a, .o = o};

    o->config_file = path;
    while (text.len > 0) {
        struct str line = {0};

        l.number++;
        (void)str_cut(&text, '\n', &line);
        if (one_line(&l, line, e) < 0) {
            return -1;
        }
    }
    return 0;
}
