/* SPDX-License-Identifier: MIT */
/* Which options exclude each other. test_options.c tests how words are recognized. */
#include "cli/options_check.h"

#include "tap.h"

#include <string.h>

static uint64_t bit(const char *name)
{
    return option_bit(option_find(str_c(name)));
}

static struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};
static const char *tcsh = "tcsh";

/* Options, the names of those that are on the command line (at most two), and a part of the
 * message; NULL: the options are accepted. */
static const struct {
    struct opts o;
    const char *given[2];
    const char *message;
} samples[] = {
    {{.command = CMD_ATTACH, .read_only = true, .wait = true},
     {"read-only", "wait"},
     "--read-only and --wait cannot be used together"},
    {{.quiet = true, .verbose = true},
     {"quiet", "verbose"},
     "--quiet and --verbose cannot be used together"},
    {{.quiet = true, .verbose = true}, {"quiet"}, NULL},
    {{.image = "x"}, {"image", "base"}, "--base"},
    {{.image = "x"}, {"image", "build-arg"}, "--build-arg"},
    {{.image = "x"}, {"base"}, NULL},
    {{.ports = &port, .port_count = 1, .network = NETWORK_HOST},
     {"publish", "network"},
     "--publish"},
    {{.ports = &port, .port_count = 1, .network = NETWORK_NONE},
     {"publish", "network"},
     "--network none"},
    {{.ports = &port, .port_count = 1, .network = NETWORK_HOST}, {"publish"}, NULL},
    {{.command = CMD_STOP}, {"memory"}, "--memory"},
    {{.command = CMD_COMPLETION},
     {NULL},
     "completion: missing argument; expected bash, zsh or fish"},
    {{.command = CMD_COMPLETION, .args = {.v = &tcsh, .count = 1}},
     {NULL},
     "completion: unknown argument tcsh; expected bash, zsh or fish"},
};

static void command_lines_fit_or_are_refused(void)
{
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const char *message = samples[i].message;
        struct opts o = samples[i].o;
        struct arena a = {0};
        struct err e = {0};
        uint64_t given = 0;
        int rc;

        for (size_t k = 0; k < 2 && samples[i].given[k] != NULL; k++) {
            given |= bit(samples[i].given[k]);
        }
        rc = options_check(&o, given, &a, &e);
        if (message == NULL) {
            ok(rc == 0, "accepted: %s", e.text);
        } else {
            ok(rc < 0 && e.kind == ERR_USAGE && strstr(e.text, message) != NULL &&
                   e.hint[0] != '\0',
               "refused for %s: %s", message, e.text);
        }
        arena_release(&a);
    }
}

/* The configuration may contain options that only another engine has the feature for. */
static void engine_that_is_chosen_unsets_configured_options(void)
{
    struct opts o = {.engine = ENGINE_NATIVE,
                     .image = "x",
                     .sudo = true,
                     .docker = true,
                     .network = NETWORK_BRIDGE,
                     .ports = &port,
                     .port_count = 1};
    struct opts kept = o;
    struct arena a = {0};
    struct err e = {0};

    ok(options_check(&o, bit("engine"), &a, &e) == 0 && o.image == NULL && !o.sudo &&
           !o.docker && o.port_count == 0 && o.network == NETWORK_AUTO,
       "configured options that native lacks the feature for are unset");
    ok((o.ignored & bit("image")) != 0 && (o.ignored & bit("network")) != 0 &&
           (o.ignored & bit("memory")) == 0,
       "and noted");
    o = kept;
    ok(options_check(&o, bit("engine") | bit("sudo"), &a, &e) == 0 && o.sudo,
       "an option on the command line is not unset");
    o = kept;
    ok(options_check(&o, 0, &a, &e) == 0 && !o.sudo && (o.ignored & bit("sudo")) != 0,
       "also if the engine is configured");
    o = kept;
    o.engine = ENGINE_AUTO;
    ok(options_check(&o, 0, &a, &e) == 0 && o.sudo && o.ignored == 0,
       "without a chosen engine, they are not unset");
    arena_release(&a);
}

/* The option whose row excludes the other stays, unless the other is on the command line. */
static void two_configured_options_that_exclude_each_other(void)
{
    struct opts both = {
        .image = "x", .base = "y", .rebuild = true, .quiet = true, .verbose = true};
    struct opts o = both;
    struct arena a = {0};
    struct err e = {0};

    ok(options_check(&o, 0, &a, &e) == 0 && o.image != NULL && o.base == NULL && !o.rebuild &&
           o.verbose && !o.quiet,
       "of two configured options, the excluding one stays");
    o = both;
    ok(options_check(&o, bit("rebuild") | bit("quiet"), &a, &e) == 0 && o.image == NULL &&
           o.base != NULL && o.rebuild && !o.verbose && o.quiet,
       "an excluded option on the command line unsets the other");
    o = both;
    o.command = CMD_IMAGE_BUILD;
    ok(options_check(&o, 0, &a, &e) == 0 && o.image == NULL && o.base != NULL,
       "an option that the command does not take excludes nothing");
    arena_release(&a);
}

int main(void)
{
    command_lines_fit_or_are_refused();
    two_configured_options_that_exclude_each_other();
    engine_that_is_chosen_unsets_configured_options();
    return done_testing();
}
