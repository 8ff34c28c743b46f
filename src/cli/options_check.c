/* SPDX-License-Identifier: MIT */
#include "cli/options_check.h"

struct check {
    struct opts *o;
    uint64_t given;
    struct arena *arena;
};

static bool given(const struct check *c, enum option_id id)
{
    return (c->given >> id & 1) != 0;
}

static bool runs(enum opts_command command)
{
    return command == CMD_CLAUDE || command == CMD_SHELL;
}

int options_too_many(const struct command *c, const char *word, struct arena *a, struct err *e)
{
    const char *name = command_name(c, a);

    (void)err_set(e, ERR_USAGE, "%s takes %s: %s", name,
                  c->words_max == 0 ? "no argument" : c->words, word);
    return err_hint(e, "See cco help %s.", name);
}

static int exclude(struct err *e, const char *one, const char *other)
{
    (void)err_set(e, ERR_USAGE, "%s and %s exclude each other", one, other);
    return err_hint(e, "Give one of them.");
}

/* An image that is run unmodified, and what would modify it. Of two that exclude each other the command line's counts
 * before the configuration's. */
static int check_image(const struct check *c, struct err *e)
{
    static const enum option_id changing[] = {OPT_PACKAGES, OPT_REBUILD, OPT_BASE,
                                              OPT_BUILD_ARG};
    struct opts *o = c->o;

    if (o->image == NULL) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++) {
        if (!given(c, changing[i])) {
            continue;
        }
        if (!given(c, OPT_IMAGE)) {
            o->image = NULL;
            return 0;
        }
        for (size_t k = 0; k < option_count; k++) {
            if (option_table[k].id == changing[i]) {
                (void)err_set(e, ERR_USAGE,
                              "--image runs that image unmodified: --%s cannot be used with it",
                              option_table[k].name);
            }
        }
        return err_hint(e, "Leave one of the two out.");
    }
    o->packages = (struct strv){0};
    o->build_args = (struct strv){0};
    o->base = NULL;
    return 0;
}

/* --engine native on the command line counts before what the configuration has for engines. */
static void drop_engines(const struct check *c)
{
    struct opts *o = c->o;

    if (o->engine != ENGINE_NATIVE || !given(c, OPT_ENGINE)) {
        return;
    }
    o->packages = given(c, OPT_PACKAGES) ? o->packages : (struct strv){0};
    o->build_args = given(c, OPT_BUILD_ARG) ? o->build_args : (struct strv){0};
    o->base = given(c, OPT_BASE) ? o->base : NULL;
    o->image = given(c, OPT_IMAGE) ? o->image : NULL;
    o->sudo = o->sudo && given(c, OPT_SUDO);
    o->docker = o->docker && given(c, OPT_DOCKER);
    o->port_count = given(c, OPT_PUBLISH) ? o->port_count : 0;
    if (o->network == NETWORK_BRIDGE && !given(c, OPT_NETWORK)) {
        o->network = NETWORK_AUTO;
    }
}

static int check_network(const struct check *c, struct err *e)
{
    struct opts *o = c->o;

    if (o->port_count == 0 || o->network == NETWORK_BRIDGE) {
        return 0;
    }
    if (o->network == NETWORK_AUTO || !given(c, OPT_NETWORK)) {
        o->network = NETWORK_BRIDGE; /* only there ports need to be published */
        return 0;
    }
    if (!given(c, OPT_PUBLISH)) {
        o->port_count = 0;
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "--publish: with --network %s there is nothing to publish",
                  o->network == NETWORK_HOST ? "host" : "none");
    return err_hint(e, o->network == NETWORK_HOST
                           ? "What listens inside can be reached as it is: leave --publish out."
                           : "Use --network bridge, or leave --publish out.");
}

static int check_words(const struct check *c, struct err *e)
{
    const struct opts *o = c->o;
    const struct command *command = command_of(o->command);

    if (command == NULL) {
        return 0;
    }
    if (o->args.count > command->words_max) {
        return options_too_many(command, o->args.v[o->args.count - 1], c->arena, e);
    }
    if (o->args.count < command->words_min) {
        (void)err_set(e, ERR_USAGE, "%s wants %s", command_name(command, c->arena),
                      command->words);
        return err_hint(e, "Use it like this: cco %s", command->usage);
    }
    return 0;
}

/* Options that stood in front of a command which does not know them. */
static int check_given(const struct check *c, struct err *e)
{
    const struct command *command = command_of(c->o->command);

    for (size_t i = 0; command != NULL && i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if (given(c, opt->id) && (opt->commands & IN(c->o->command)) == 0) {
            const char *name = command_name(command, c->arena);

            (void)err_set(e, ERR_USAGE, "--%s: %s does not take it", opt->name, name);
            return err_hint(e, "See cco help %s.", name);
        }
    }
    return 0;
}

int options_check(struct opts *o, uint64_t bits, struct arena *a, struct err *e)
{
    const struct check c = {.o = o, .given = bits, .arena = a};

    if (check_words(&c, e) < 0 || check_given(&c, e) < 0) {
        return -1;
    }
    if (o->read_only && o->wait) {
        return exclude(e, "--read-only", "--wait");
    }
    if (o->quiet && o->verbose) {
        if (given(&c, OPT_QUIET) && given(&c, OPT_VERBOSE)) {
            return exclude(e, "--quiet", "--verbose");
        }
        o->quiet = given(&c, OPT_QUIET);
        o->verbose = !o->quiet;
    }
    drop_engines(&c);
    if (runs(o->command) || o->command == CMD_INFO) {
        return check_image(&c, e) < 0 || check_network(&c, e) < 0 ? -1 : 0;
    }
    if (o->command == CMD_SYNC) {
        return 0;
    }
    o->image = NULL; /* the configuration's: the other commands are about cco's own */
    return 0;
}
