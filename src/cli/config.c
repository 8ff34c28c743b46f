/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include "base/path.h"
#include "cli/option_value.h"

#include <string.h>

enum { LINE_NAME_MAX = 64 }; /* bytes of an unknown name that a message shows */

struct line {
    const char *path, *home;
    unsigned number;
    struct arena *arena;
    struct opts *o;
};

static int bad(const struct line *l, struct err *e, const char *what)
{
    (void)err_set(e, ERR_USAGE, "%s:%u: %s", l->path, l->number, what);
    return err_hint(e, "Each line is NAME = VALUE; cco help options lists the names.");
}

static int set_flag(const struct line *l, const struct setting *flag, struct str value,
                    struct err *e)
{
    if (str_eq_c(value, "true")) {
        return option_set(flag, e);
    }
    if (str_eq_c(value, "false")) {
        option_unset(flag->opt, flag->o);
        return 0;
    }
    return bad(l, e, arena_printf(l->arena, "%s: expected true or false", flag->opt->name));
}

static int set_value(const struct line *l, struct setting *s, struct err *e)
{
    const bool is_path = s->opt->complete == COMPLETE_FILE || s->opt->complete == COMPLETE_DIR;
    size_t paths = l->o->path_count;
    struct err own = {0};

    if (is_path && str_starts(str_c(s->value), "~/")) {
        s->value = path_join(l->arena, l->home, s->value + 2);
    }
    if (is_path && s->value[0] != '/') {
        return bad(
            l, e, arena_printf(l->arena, "%s: the path must begin with / or ~/", s->opt->name));
    }
    if (option_set(s, &own) < 0) {
        return bad(l, e, own.text);
    }
    for (; paths < l->o->path_count; paths++) {
        /* The file serves every project, so a path that does not exist is not an error. */
        l->o->paths[paths].optional = true;
    }
    l->o->env_configured = l->o->env.count;
    return 0;
}

static int one_line(const struct line *l, struct str text, struct err *e)
{
    struct str value = text;
    struct str name = {0};
    const struct option *opt;
    struct setting s;
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
        return bad(l, e, "expected NAME = VALUE");
    }
    opt = option_find(name);
    if (opt == NULL || !opt->in_config) {
        return bad(
            l, e,
            arena_printf(l->arena, "%.*s: %s",
                         name.len < LINE_NAME_MAX ? (int)name.len : LINE_NAME_MAX, name.p,
                         opt == NULL ? "unknown option" : "accepted only on the command line"));
    }
    s = (struct setting){.opt = opt, .source = SETTING_FILE, .o = l->o, .arena = l->arena};
    if (!option_has_value(opt) && opt->config_choices == NULL) {
        return set_flag(l, &s, value, e);
    }
    s.value = arena_str(l->arena, value);
    return set_value(l, &s, e);
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
