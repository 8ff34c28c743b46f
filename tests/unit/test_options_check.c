/* SPDX-License-Identifier: MIT */
/* What excludes what; the words themselves: test_options.c. */
#include "cli/options_check.h"

#include "tap.h"

#include <string.h>

static uint64_t bit(const char *name)
{
    return option_bit(option_find(str_c(name)));
}

static struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};
static const char *tcsh = "tcsh";

/* Options, the names of two of them that stand on the command line, and what the message says;
 * NULL: they fit. */
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
            ok(rc == 0, "fits: %s", e.text);
        } else {
            ok(rc < 0 && e.kind == ERR_USAGE && strstr(e.text, message) != NULL &&
                   e.hint[0] != '\0',
               "refused for %s: %s", message, e.text);
        }
        arena_release(&a);
    }
}

/* The configuration may have been written for an engine. */
static void native_on_the_command_line_counts_first(void)
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
       "what the configuration has for engines does not count");
    o = kept;
    ok(options_check(&o, bit("engine") | bit("sudo"), &a, &e) == 0 && o.sudo,
       "what stands beside it does");
    o = kept;
    ok(options_check(&o, 0, &a, &e) == 0 && o.sudo && o.image != NULL && o.port_count == 1,
       "and so does what the configuration has beside it");
    arena_release(&a);
}

/* The one whose row excludes the other stays, unless the other one is on the command line. */
static void two_configured_options_that_exclude_each_other(void)
{
    struct opts both = {
        .image = "x", .base = "y", .rebuild = true, .quiet = true, .verbose = true};
    struct opts o = both;
    struct arena a = {0};
    struct err e = {0};

    ok(options_check(&o, 0, &a, &e) == 0 && o.image != NULL && o.base == NULL && !o.rebuild &&
           o.verbose && !o.quiet,
       "neither is on the command line");
    o = both;
    ok(options_check(&o, bit("rebuild") | bit("quiet"), &a, &e) == 0 && o.image == NULL &&
           o.base != NULL && o.rebuild && !o.verbose && o.quiet,
       "the excluded one is");
    o = both;
    o.command = CMD_IMAGE_BUILD;
    ok(options_check(&o, 0, &a, &e) == 0 && o.image == NULL && o.base != NULL,
       "one that the command does not take excludes nothing");
    arena_release(&a);
}

int main(void)
{
    command_lines_fit_or_are_refused();
    two_configured_options_that_exclude_each_other();
    native_on_the_command_line_counts_first();
    return done_testing();
}
