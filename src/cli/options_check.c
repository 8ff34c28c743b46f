/* SPDX-License-Identifier: MIT */
#include "cli/options_check.h"

#include "cli/features.h"
#include "cli/option_value.h"

#include <assert.h>

struct check {
    struct opts *o;
    uint64_t given; /* the bits of the options on the command line */
    struct arena *arena;
};

static bool given(const struct check *c, const char *name)
{
    const struct option *opt = option_find(str_c(name));

    assert(opt != NULL);
    return (c->given & option_bit(opt)) != 0;
}

static const char *words_of(const struct command *c, struct arena *a)
{
    return c->choices != NULL ? choice_words(c->choices, a) : c->words;
}

int options_too_many(const struct command *c, const char *word, struct arena *a, struct err *e)
{
    const char *name = command_name(c, a);

    (void)err_set(e, ERR_USAGE, "%s: unexpected argument %s; this command takes %s", name, word,
                  c->words_max == 0 ? "no arguments" : words_of(c, a));
    return err_hint(e, "See cco help %s.", name);
}

/* Checks the number of words after a command, and their choices. */
static int check_words(const struct check *c, struct err *e)
{
    const struct strv *args = &c->o->args;
    const struct command *command = command_of(c->o->command);
    const char *name;

    if (command == NULL) {
        return 0;
    }
    name = command_name(command, c->arena);
    if (args->count > command->words_max) {
        return options_too_many(command, args->v[args->count - 1], c->arena, e);
    }
    if (args->count < command->words_min) {
        (void)err_set(e, ERR_USAGE, "%s: missing argument; expected %s", name,
                      words_of(command, c->arena));
        return err_hint(e, "Use it like this: cco %s", command->usage);
    }
    for (size_t i = 0; command->choices != NULL && i < args->count; i++) {
        if (choice_find(command->choices, str_c(args->v[i])) == NULL) {
            (void)err_set(e, ERR_USAGE, "%s: unknown argument %s; expected %s", name,
                          args->v[i], words_of(command, c->arena));
            return err_hint(e, "Use it like this: cco %s", command->usage);
        }
    }
    return 0;
}

int options_not_taken(const struct option *opt, const struct command *c, struct arena *a,
                      struct err *e)
{
    const char *name = command_name(c, a);

    (void)err_set(e, ERR_USAGE, "--%s: %s does not take this option", opt->name, name);
    if ((opt->commands & IN(CMD_CLAUDE)) != 0) {
        return err_hint(
            e,
            "It is an option of a session: cco --%s%s%s. With --dry-run, cco prints "
            "the plan of such a session.",
            opt->name, option_has_value(opt) ? " " : "",
            option_has_value(opt) ? option_metavar(opt, a) : "");
    }
    return err_hint(e, "See cco help %s.", name);
}

/* Refuses options on the command line that the command does not take. The parser accepts any
 * option before the command. The last row comes first: --build-arg BASE=... also sets the bit
 * of --base, which is an earlier row, and the message must name --build-arg. */
static int check_commands(const struct check *c, struct err *e)
{
    const struct command *command = command_of(c->o->command);

    for (size_t i = option_count; command != NULL && i > 0; i--) {
        const struct option *opt = &option_table[i - 1];

        if ((c->given & option_bit(opt)) != 0 && (opt->commands & IN(c->o->command)) == 0) {
            return options_not_taken(opt, command, c->arena, e);
        }
    }
    return 0;
}

static int exclude(const struct option *opt, const char *other, struct err *e)
{
    if (opt->why != NULL) {
        (void)err_set(e, ERR_USAGE, "--%s %s: --%s cannot be used with it", opt->name, opt->why,
                      other);
        return err_hint(e, "Use only one of the two.");
    }
    (void)err_set(e, ERR_USAGE, "--%s and --%s cannot be used together", other, opt->name);
    return err_hint(e, "Use only one of them.");
}

/* Handles an option whose row excludes others. An option on the command line overrides a
 * configured one, two on the command line are an error, and of two configured options the one
 * whose row excludes the other stays. */
static int check_exclusions(const struct check *c, const struct option *opt, struct err *e)
{
    if ((opt->commands & IN(c->o->command)) == 0) {
        option_unset(opt, c->o);
    }
    if (!option_is_set(opt, c->o)) {
        return 0;
    }
    for (const char *const *other = opt->excludes; *other != NULL; other++) {
        if (given(c, *other)) {
            if ((c->given & option_bit(opt)) != 0) {
                return exclude(opt, *other, e);
            }
            option_unset(opt, c->o);
            return 0;
        }
    }
    for (const char *const *other = opt->excludes; *other != NULL; other++) {
        option_unset(option_find(str_c(*other)), c->o);
    }
    return 0;
}

/* If the user has chosen an engine, unsets the configured options that it does not have the
 * feature for, because the file serves every engine. features_tell_ignored() names them. */
static void drop_lacking(const struct check *c)
{
    const unsigned features = engine_row(c->o->engine)->features;

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if ((c->given & option_bit(opt)) == 0 &&
            (features_needed(opt, c->o) & ~features) != 0) {
            option_unset(opt, c->o);
            c->o->ignored |= option_bit(opt);
        }
    }
}

/* Makes --publish and --network agree: only a bridge network has ports to publish. */
static int check_network(const struct check *c, struct err *e)
{
    struct opts *o = c->o;

    if (o->port_count == 0 || o->network == NETWORK_BRIDGE) {
        return 0;
    }
    if (o->network == NETWORK_AUTO || !given(c, "network")) {
        o->network = NETWORK_BRIDGE; /* the only network with ports to publish */
        return 0;
    }
    if (!given(c, "publish")) {
        o->port_count = 0;
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "--publish cannot be used with --network %s",
                  o->network == NETWORK_HOST ? "host" : "none");
    return err_hint(e, o->network == NETWORK_HOST
                           ? "Ports of the sandbox are ports of this machine with --network "
                             "host: leave --publish out."
                           : "Use --network bridge, or leave --publish out.");
}

int options_check(struct opts *o, uint64_t bits, struct arena *a, struct err *e)
{
    const struct check c = {.o = o, .given = bits, .arena = a};

    if (check_words(&c, e) < 0 || check_commands(&c, e) < 0) {
        return -1;
    }
    drop_lacking(&c);
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].excludes != NULL && check_exclusions(&c, &option_table[i], e) < 0) {
            return -1;
        }
    }
    return check_network(&c, e);
}
