/* SPDX-License-Identifier: MIT */
/* What excludes what; the words themselves: test_options.c. */
#include "cli/options_check.h"

#include "tap.h"

#include <string.h>

static uint64_t bit(const char *name)
{
    return option_bit(option_find(str_c(name)));
}

static void check(struct opts o, uint64_t given, const char *names)
{
    struct arena a = {0};
    struct err e = {0};
    int rc = options_check(&o, given, &a, &e);

    if (names == NULL) {
        ok(rc == 0, "fits: %s", e.text);
    } else {
        ok(rc < 0 && e.kind == ERR_USAGE && strstr(e.text, names) != NULL && e.hint[0] != '\0',
           "refused for %s: %s", names, e.text);
    }
    arena_release(&a);
}

/* The configuration may have been written for an engine. */
static void native_on_the_command_line_counts_first(void)
{
    struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};
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
    const char *tcsh = "tcsh";
    struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};

    check((struct opts){.command = CMD_ATTACH, .read_only = true, .wait = true},
          bit("read-only") | bit("wait"), "--wait");
    check((struct opts){.quiet = true, .verbose = true}, bit("quiet") | bit("verbose"),
          "--quiet");
    check((struct opts){.quiet = true, .verbose = true}, bit("quiet"), NULL);
    check((struct opts){.image = "x"}, bit("image") | bit("base"), "--base");
    check((struct opts){.image = "x"}, bit("image") | bit("build-arg"), "--build-arg");
    check((struct opts){.image = "x"}, bit("base"), NULL);
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_HOST},
          bit("publish") | bit("network"), "--publish");
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_NONE},
          bit("publish") | bit("network"), "--network none");
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_HOST},
          bit("publish"), NULL);
    check((struct opts){.command = CMD_STOP}, bit("memory"), "--memory");
    check((struct opts){.command = CMD_COMPLETION}, 0, "completion wants bash, zsh or fish");
    check((struct opts){.command = CMD_COMPLETION, .args = {.v = &tcsh, .count = 1}}, 0,
          "completion: expected bash, zsh or fish");
    two_configured_options_that_exclude_each_other();
    native_on_the_command_line_counts_first();
    return done_testing();
}
