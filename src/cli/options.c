/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "base/str.h"
#include "cli/claude_cli.h"
#include "cli/option_value.h"
#include "cli/options_check.h"

#include <string.h>

struct parse {
    int argc, next; /* next: the index of the next argument */
    char *const *argv;
    struct arena *arena;
    struct opts *o;
    const struct command *coming; /* the command that the first bare word names; NULL: none */
    bool seen_word;               /* a word without a dash came, so no later one is a command */
    bool ended;                   /* by --help or --version */
    uint64_t given;               /* the bit of each option on the command line so far */
};

/* Passes a word on: to claude, or to the command. */
static void give(struct parse *p, const char *arg)
{
    strv_add(&p->o->args, p->arena, arg);
    p->o->chose_permissions |= claude_is_permission_option(arg);
}

static void give_rest(struct parse *p)
{
    while (p->next < p->argc) {
        give(p, p->argv[p->next++]);
    }
}

/* Handles the option at p->next - 1. `value` is its "=value" part or NULL. */
static int take_option(struct parse *p, const struct option *opt, const char *value,
                       struct err *e)
{
    const char *const base = p->o->base;
    int rc;

    p->given |= option_bit(opt);
    p->ended = opt->ends_parsing;
    if (!option_has_value(opt)) {
        if (value != NULL) {
            return option_usage(e, opt, "this option takes no value");
        }
    } else if (value == NULL) {
        if (p->next >= p->argc) {
            return option_usage(e, opt, "its value is missing");
        }
        value = p->argv[p->next++];
    }
    rc = option_set(&(struct setting){.opt = opt, .value = value, .o = p->o, .arena = p->arena},
                    e);
    if (p->o->base != base) {
        p->given |= option_bit(option_find(str_c("base"))); /* --build-arg BASE=... */
    }
    return rc;
}

/* Returns how many of the words from argv[next] on are the value of claude's option `arg`. */
static int value_words(const struct parse *p, const char *arg, int next)
{
    enum claude_value value = claude_option_value(arg);
    int count = 0;

    if (value == CLAUDE_VALUE_NONE || next >= p->argc ||
        (value == CLAUDE_VALUE_OPTIONAL && p->argv[next][0] == '-')) {
        return 0;
    }
    do {
        count++;
    } while (value == CLAUDE_VALUE_MANY && next + count < p->argc &&
             p->argv[next + count][0] != '-');
    return count;
}

/* Passes an option that is not cco's on to claude, together with the words of its value. */
static void give_option(struct parse *p, const char *arg)
{
    int count = value_words(p, arg, p->next);
    const struct option *like = claude_knows_option(arg) ? NULL : option_like(arg);

    if (like != NULL && (like->commands & IN(CMD_CLAUDE)) != 0) {
        strv_add(&p->o->misspelled, p->arena, arg);
        strv_add(&p->o->misspelled, p->arena, like->name);
    }
    give(p, arg);
    for (int i = 0; i < count; i++) {
        give(p, p->argv[p->next++]);
    }
}

static bool is_word(const char *arg)
{
    return arg[0] != '-' || arg[1] == '\0';
}

/* Returns the first command with this word, or NULL. If the command has two words, the caller
 * must find the second one. */
static const struct command *first_of_word(const char *word)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (strcmp(word, c->word) == 0 || (c->sub == NULL && command_has_word(c, word))) {
            return c;
        }
    }
    return NULL;
}

static const struct command *second_word(const char *word, const char *sub)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];

        if (strcmp(word, c->word) == 0 && c->sub != NULL && command_has_word(c, sub)) {
            return c;
        }
    }
    return NULL;
}

/* Looks ahead for the command, so that its own options are recognized before it. */
static const struct command *look_ahead(const struct parse *p)
{
    for (int i = 1; i < p->argc; i++) {
        const char *value;
        const struct option *opt = option_named(p->argv[i], &value);

        if (strcmp(p->argv[i], "--info") == 0) {
            return command_of(CMD_INFO);
        }
        if (opt != NULL) {
            i += option_has_value(opt) && value == NULL ? 1 : 0;
        } else if (is_word(p->argv[i])) {
            return first_of_word(p->argv[i]);
        } else {
            return NULL; /* an option of claude, or -- */
        }
    }
    return NULL;
}

static bool option_fits(const struct parse *p, const struct option *opt)
{
    enum opts_command command = p->o->command;

    if (opt->ends_parsing) {
        return p->o->args.count == 0;
    }
    if (command == CMD_CLAUDE && p->coming != NULL && !p->seen_word) {
        return true; /* options_check() checks whether the command takes it */
    }
    return command == CMD_HELP || (opt->commands & IN(command)) != 0;
}

/* Sets the error that the second word of a command like "image build" is missing (`sub` is
 * NULL) or wrong. Returns -1. */
static int unknown_sub(const struct parse *p, const char *word, const char *sub, struct err *e)
{
    struct strv subs = {0};

    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(word, command_table[i].word) == 0) {
            strv_add(&subs, p->arena, command_table[i].sub);
        }
    }
    if (sub == NULL) {
        (void)err_set(e, ERR_USAGE, "%s: missing subcommand; expected %s", word,
                      strv_or(&subs, p->arena));
    } else {
        (void)err_set(e, ERR_USAGE, "%s: unknown subcommand %s; expected %s", word, sub,
                      strv_or(&subs, p->arena));
    }
    return err_hint(e, "See cco help %s.", word);
}

/* Finds the second word of a command like "image build". Options may precede it. */
static int take_sub(struct parse *p, const struct command *first, struct err *e)
{
    const char *sub;
    const char *value;
    const struct option *opt;
    const struct command *c;

    while (p->next < p->argc) {
        sub = p->argv[p->next++];
        opt = option_named(sub, &value);
        c = second_word(first->word, sub);
        if (c != NULL) {
            p->o->command = c->id;
            return 0;
        }
        if (opt == NULL) {
            return unknown_sub(p, first->word, sub, e);
        }
        if (take_option(p, opt, value, e) < 0) {
            return -1;
        }
        if (p->ended) {
            p->o->help_of = first->word;
            return 0;
        }
    }
    return unknown_sub(p, first->word, NULL, e);
}

static int take_word(struct parse *p, const char *word, struct err *e)
{
    struct opts *o = p->o;
    bool first = !p->seen_word;
    const struct command *c = command_of(o->command);

    p->seen_word = true;
    if (first && o->args.count == 0 && o->command == CMD_CLAUDE) {
        c = first_of_word(word);
        if (c != NULL && c->sub != NULL) {
            return take_sub(p, c, e);
        }
        if (c != NULL) {
            o->command = c->id;
            return 0;
        }
    }
    if (c != NULL && o->args.count >= c->words_max) {
        return options_too_many(c, word, p->arena, e);
    }
    give(p, word);
    o->claude_subcommand = first && o->command == CMD_CLAUDE && claude_is_subcommand(word);
    if (o->command == CMD_SHELL || o->claude_subcommand) {
        give_rest(p);
    }
    return 0;
}

static int unknown_option(const struct parse *p, const char *arg, struct err *e)
{
    const struct option *like = option_like(arg);
    const struct command *c = command_of(p->o->command);
    const char *value = NULL;
    const struct option *known = option_named(arg, &value);

    const int len = (int)strcspn(arg, "="); /* the value after it may be a secret */

    if (known != NULL && p->o->command != CMD_SHELL) {
        return options_not_taken(known, c, p->arena, e);
    }
    (void)err_set(e, ERR_USAGE, "unknown option %.*s", len, arg);
    if (p->o->command == CMD_SHELL) {
        return err_hint(e, "Put -- before a command that begins with a dash: cco shell -- %.*s",
                        len, arg);
    }
    if (like != NULL && (like->commands & IN(p->o->command)) != 0) {
        return err_hint(e, "Did you mean --%s?", like->name);
    }
    return err_hint(e, "See cco help %s for its options.", command_name(c, p->arena));
}

static int one_argument(struct parse *p, struct err *e)
{
    const char *arg = p->argv[p->next++];
    const char *value = NULL;
    const struct option *opt = option_named(arg, &value);
    struct opts *o = p->o;

    if (o->command == CMD_HELP && o->args.count == 0 && !is_word(arg)) {
        give(p, arg); /* the option to explain */
        return 0;
    }
    if (strcmp(arg, "--") == 0) {
        if (o->args.count > 0) {
            give(p, arg);
        } else {
            o->claude_subcommand = o->command == CMD_CLAUDE && p->next < p->argc &&
                                   claude_is_subcommand(p->argv[p->next]);
        }
        give_rest(p);
        return 0;
    }
    if (opt != NULL && option_fits(p, opt)) {
        return take_option(p, opt, value, e);
    }
    if (o->command == CMD_CLAUDE && strcmp(arg, "--info") == 0 && o->args.count == 0) {
        o->command = CMD_INFO;
        p->seen_word = true;
        return 0;
    }
    if (is_word(arg)) {
        return take_word(p, arg, e);
    }
    if (o->command != CMD_CLAUDE) {
        return unknown_option(p, arg, e);
    }
    give_option(p, arg);
    return 0;
}

int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e)
{
    struct parse p = {.argc = argc, .next = 1, .argv = argv, .arena = a, .o = o};

    o->command = CMD_CLAUDE;
    p.coming = look_ahead(&p);
    while (p.next < argc) {
        if (one_argument(&p, e) < 0) {
            return -1;
        }
        if (p.ended) {
            return 0;
        }
    }
    o->given = p.given;
    if (options_check(o, p.given, a, e) < 0) {
        return -1;
    }
    if (o->command == CMD_HELP && o->args.count > 0) {
        o->help_of = o->args.count == 1 ? o->args.v[0]
                                        : arena_printf(a, "%s %s", o->args.v[0], o->args.v[1]);
    }
    if (o->command == CMD_CLAUDE) {
        claude_paths(o, a);
    }
    return 0;
}
