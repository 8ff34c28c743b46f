/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include "cli/features.h"
#include "cli/manual.h"
#include "cli/option_text.h"
#include "engine/engine.h"

enum { INDENT = 4, LABEL = 16 };

/* Adds "-e, --env NAME[=VALUE]" as a heading. */
static void add_form(struct buf *out, const struct option *opt,
                     const struct markdown_look *look, struct arena *a)
{
    const char *metavar = option_metavar(opt, a);
    const char *form = arena_printf(a, "--%s%s%s", opt->name, metavar != NULL ? " " : "",
                                    metavar != NULL ? metavar : "");

    if (opt->letter != '\0') {
        form = arena_printf(a, "-%c, %s", opt->letter, form);
    }
    if (opt->alias != NULL) {
        form = arena_printf(a, "%s, --%s", form, opt->alias);
    }
    (void)buf_addf(out, "%s%s%s\n\n", look->bold ? "\033[1m" : "", form,
                   look->bold ? "\033[m" : "");
}

/* Adds one paragraph of Markdown. A label, if there is one, begins the first line. */
static int add_text(struct buf *out, const char *label, const char *text,
                    const struct markdown_look *look, struct err *e)
{
    const size_t indent = INDENT + (label != NULL ? LABEL : 0);
    struct wrap w;
    int rc;

    if (label != NULL) {
        (void)buf_addf(out, "%*s%-*s", INDENT, "", LABEL, label);
    } else {
        (void)buf_addf(out, "%*s", INDENT, "");
    }
    wrap_init(&w, out, indent, indent, look->columns);
    rc = markdown_words(str_c(text), false, false, look, &w, e);
    wrap_end(&w);
    return rc;
}

/* Like add_text() for text that is not Markdown. */
static void add_fact(struct buf *out, const char *label, const char *text,
                     const struct markdown_look *look)
{
    struct wrap w;

    (void)buf_addf(out, "%*s%-*s", INDENT, "", LABEL, label);
    wrap_init(&w, out, INDENT + LABEL, INDENT + LABEL, look->columns);
    wrap_text(&w, str_c(text), false);
    wrap_end(&w);
}

/* Returns the options that cannot be used together with this one: those that it excludes, and
 * those that exclude it. */
static const char *exclusions(const struct option *opt, struct arena *a)
{
    struct strv list = {0};

    for (size_t k = 0; opt->excludes != NULL && opt->excludes[k] != NULL; k++) {
        strv_add(&list, a, arena_printf(a, "--%s", opt->excludes[k]));
    }
    for (size_t i = 0; i < option_count; i++) {
        const struct option *other = &option_table[i];

        for (size_t k = 0; other->excludes != NULL && other->excludes[k] != NULL; k++) {
            if (str_eq_c(str_c(opt->name), other->excludes[k])) {
                strv_add(&list, a, arena_printf(a, "--%s", other->name));
            }
        }
    }
    return strv_join(&list, ", ", a);
}

/* Returns the commands that take the option; NULL if each does. Claude itself has no row. */
static const char *commands_of(const struct option *opt, struct arena *a)
{
    struct strv list = {0};

    if (opt->commands == UINT64_MAX) {
        return NULL;
    }
    if ((opt->commands & IN(CMD_CLAUDE)) != 0) {
        strv_add(&list, a, "claude");
    }
    for (size_t i = 0; i < command_count; i++) {
        if ((opt->commands & IN(command_table[i].id)) != 0) {
            strv_add(&list, a, arena_printf(a, "cco %s", command_name(&command_table[i], a)));
        }
    }
    return strv_join(&list, ", ", a);
}

static const char *in_config(const struct option *opt, struct arena *a)
{
    const char *metavar = option_metavar(opt, a);
    const char *words =
        opt->config_choices != NULL ? choice_words(opt->config_choices, a) : "true";

    return arena_printf(a, "%s = %s", opt->name, metavar != NULL ? metavar : words);
}

int help_option(struct buf *out, const struct option *opt, const struct markdown_look *look,
                struct arena *a, struct err *e)
{
    const struct option_text *text = option_text(opt);
    const char *commands = commands_of(opt, a);
    const char *excluded = exclusions(opt, a);
    struct str ignored;

    add_form(out, opt, look, a);
    if (add_text(out, NULL, text->text, look, e) < 0) {
        return err_wrap(e, "--%s", opt->name);
    }
    (void)buf_add_byte(out, '\n');
    if (text->standard != NULL && add_text(out, "Without it", text->standard, look, e) < 0) {
        return err_wrap(e, "--%s", opt->name);
    }
    if (opt->choices != NULL) {
        add_fact(out, "Values", choice_words(opt->choices, a), look);
    }
    if (opt->repeatable) {
        add_fact(out, "Repeatable", "each use adds a value", look);
    }
    if (excluded[0] != '\0') {
        add_fact(out, "Not with", excluded, look);
    }
    if (opt->needs != 0) {
        add_fact(out, "Engine", features_text(opt, a), look);
    }
    if (commands != NULL) {
        add_fact(out, "Taken by", commands, look);
    }
    if (opt->in_config) {
        add_fact(out, "Configuration", in_config(opt, a), look);
    }
    if (opt->env != NULL) {
        add_fact(out, "Environment", arena_printf(a, "%s=%s", opt->env, option_metavar(opt, a)),
                 look);
    }
    add_fact(out, "Example", opt->example, look);
    if (manual_find(text->topic, &ignored)) {
        add_fact(out, "More", arena_printf(a, "cco help %s", text->topic), look);
    }
    return 0;
}

void help_options(struct buf *out, const struct markdown_look *look, struct arena *a)
{
    for (int g = 0; g < GROUP_COUNT; g++) {
        (void)buf_addf(out, "%s%s%s%s\n", g > 0 ? "\n" : "", look->bold ? "\033[1m" : "",
                       option_groups[g], look->bold ? "\033[m" : "");
        for (size_t i = 0; i < option_count; i++) {
            if ((int)option_table[i].group == g) {
                help_option_line(out, &option_table[i], a);
            }
        }
    }
    (void)buf_add_c(out, "\nOne option: cco help --OPTION\n");
}
