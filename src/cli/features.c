/* SPDX-License-Identifier: MIT */
#include "cli/features.h"

#include "cli/option_value.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_MAX = 512, ENGINES_MAX = 160 };

#define ENGINE_ROW(NAME, name) &name##_engine,
static const struct engine_ops *const engines[] = {OPTS_ENGINES(ENGINE_ROW)};
enum { ENGINE_COUNT = sizeof(engines) / sizeof(engines[0]) };

unsigned features_needed(const struct option *opt, const struct opts *o)
{
    int value = 0;

    if (!option_is_set(opt, o)) {
        return 0;
    }
    if (opt->needs_choice != 0) {
        memcpy(&value, (const char *)o + opt->offset,
               sizeof(value)); /* the member of a row with choices is an enum */
    }
    return value == opt->needs_choice ? opt->needs : 0;
}

const struct option *features_lacking(const struct opts *o, enum opts_command command,
                                      unsigned features)
{
    const struct option *first = NULL;

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((opt->commands & IN(command)) != 0 && (features_needed(opt, o) & ~features) != 0 &&
            (first == NULL || opt->needs < first->needs)) {
            first = opt;
        }
    }
    return first;
}

static const struct engine_lack *lack_of(const struct engine_ops *ops, unsigned feature)
{
    const struct engine_lack *l = ops->lacks;

    while (l->feature != feature) {
        assert(l->feature != 0); /* a row has each feature, or the reason why it lacks it */
        l++;
    }
    return l;
}

/* Writes the options that choose an engine with this feature: "--engine docker". */
static const char *engines_with(unsigned feature, char out[ENGINES_MAX])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < ENGINE_COUNT && len < ENGINES_MAX; i++) {
        if ((engines[i]->features & feature) != 0) {
            len += (size_t)snprintf(out + len, ENGINES_MAX - len, "%s--engine %s",
                                    len > 0 ? " or " : "", engines[i]->name);
        }
    }
    return out;
}

const char *features_text(const struct option *opt, struct arena *a)
{
    char with[ENGINES_MAX];
    const char *text = arena_strdup(a, engines_with(opt->needs, with));

    if (opt->needs_choice != 0) {
        const struct choice *c = opt->choices;

        while (c->value != opt->needs_choice) {
            c++;
        }
        text = arena_printf(a, "%s needs %s", c->word, text);
    }
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        if ((engines[i]->features & opt->needs) == 0) {
            text = arena_printf(a, "%s; not %s: %s", text, engines[i]->name,
                                lack_of(engines[i], opt->needs)->why);
        }
    }
    return text;
}

/* `o` says what chose the engine. */
static int refuse(const char *what, const struct engine_ops *ops, const struct opts *o,
                  const char *why, struct err *e)
{
    if (o->engine_by != NULL) {
        return err_set(e, ERR_USAGE, "%s cannot be used with %s: %s", what, o->engine_by, why);
    }
    return err_set(e, ERR_USAGE, "%s cannot be used with --engine %s: %s", what, ops->name,
                   why);
}

int features_check_command(const struct opts *o, struct arena *a, struct err *e)
{
    const struct command *c = command_of(o->command);
    const struct engine_ops *ops = engine_row(o->engine);
    const char *name;
    char with[ENGINES_MAX];

    if (c == NULL || (c->needs & ~ops->features) == 0) {
        return 0;
    }
    name = command_name(c, a);
    (void)refuse(name, ops, o, lack_of(ops, c->needs)->why, e);
    return err_hint(e, "An engine that has this feature: %s", engines_with(c->needs, with));
}

/* Writes the option as messages name it: "--sudo", "--network bridge", or "sudo in FILE" if the
 * configuration file has set it. */
static void label_of(const struct option *opt, const struct opts *o, char *out, size_t size)
{
    const bool configured =
        opt->in_config && o->config_file != NULL && (o->given & option_bit(opt)) == 0;
    const struct choice *c = opt->choices;

    while (opt->needs_choice != 0 && c->value != opt->needs_choice) {
        c++;
    }
    (void)snprintf(out, size, "%s%s%s%s%s%s", configured ? "" : "--", opt->name,
                   opt->needs_choice == 0 ? ""
                   : configured           ? " = "
                                          : " ",
                   opt->needs_choice != 0 ? c->word : "", configured ? " in " : "",
                   configured ? o->config_file : "");
}

void features_tell_ignored(const struct opts *o, struct arena *a, struct missing *out)
{
    const struct engine_ops *ops = engine_row(o->engine);
    char label[LABEL_MAX];

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((o->ignored & option_bit(opt)) != 0 && (opt->commands & IN(CMD_CLAUDE)) != 0) {
            label_of(opt, o, label, sizeof(label));
            missing_add(
                out, a, arena_printf(a, "option %s", opt->name),
                arena_printf(a, "%s has no effect: %s", label, lack_of(ops, opt->needs)->why));
        }
    }
}

int features_check_options(const struct opts *o, enum opts_command command,
                           const struct engine_ops *ops, const struct fact_native *native,
                           struct err *e)
{
    const struct option *opt = features_lacking(o, command, ops->features);
    const struct engine_lack *l;
    const char *next;
    char label[LABEL_MAX];
    char with[ENGINES_MAX];

    if (opt == NULL) {
        return 0;
    }
    l = lack_of(ops, opt->needs);
    next = l->next != NULL ? l->next : "Leave the option out.";
    label_of(opt, o, label, sizeof(label));
    if (native->no_engine == NULL) {
        (void)refuse(label, ops, o, l->why, e);
        return err_hint(e, "%s An engine that has this feature: %s", next,
                        engines_with(opt->needs, with));
    }
    (void)err_set(e, ERR_NOT_FOUND, "%s\n%s needs an engine: %s", native->no_engine, label,
                  l->why);
    return err_hint(e, "%s", native->no_engine_next != NULL ? native->no_engine_next : next);
}
