/* SPDX-License-Identifier: MIT */
/* What excludes what; the words themselves: test_options.c. */
#include "cli/options_check.h"

#include "tap.h"

#include <string.h>

#define BIT(id) ((uint64_t)1 << (id))

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

    ok(options_check(&o, BIT(OPT_ENGINE), &a, &e) == 0 && o.image == NULL && !o.sudo &&
           !o.docker && o.port_count == 0 && o.network == NETWORK_AUTO,
       "what the configuration has for engines does not count");
    o = kept;
    ok(options_check(&o, BIT(OPT_ENGINE) | BIT(OPT_SUDO), &a, &e) == 0 && o.sudo,
       "what stands beside it does");
    o = kept;
    ok(options_check(&o, 0, &a, &e) == 0 && o.sudo && o.image != NULL && o.port_count == 1,
       "and so does what the configuration has beside it");
    arena_release(&a);
}

int main(void)
{
    struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};

    check((struct opts){.command = CMD_ATTACH, .read_only = true, .wait = true}, 0, "--wait");
    check((struct opts){.quiet = true, .verbose = true}, BIT(OPT_QUIET) | BIT(OPT_VERBOSE),
          "--quiet");
    check((struct opts){.quiet = true, .verbose = true}, BIT(OPT_QUIET), NULL);
    check((struct opts){.image = "x"}, BIT(OPT_IMAGE) | BIT(OPT_BASE), "--base");
    check((struct opts){.image = "x"}, BIT(OPT_IMAGE) | BIT(OPT_BUILD_ARG), "--build-arg");
    check((struct opts){.image = "x"}, BIT(OPT_BASE), NULL);
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_HOST},
          BIT(OPT_PUBLISH) | BIT(OPT_NETWORK), "--publish");
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_NONE},
          BIT(OPT_PUBLISH) | BIT(OPT_NETWORK), "--network none");
    check((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_HOST},
          BIT(OPT_PUBLISH), NULL);
    check((struct opts){.command = CMD_STOP}, BIT(OPT_MEMORY), "--memory");
    check((struct opts){.command = CMD_COMPLETION}, 0, "completion");
    native_on_the_command_line_counts_first();
    return done_testing();
}
