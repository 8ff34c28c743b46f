/* SPDX-License-Identifier: MIT */
#include "cli/features.h"

#include "option_example.h"
#include "tap.h"

#include <string.h>

static struct arena arena;

static void refused(struct opts o, const char *option)
{
    struct fact_native n = {0};
    struct err e = {0};

    ok(features_check_options(&o, CMD_CLAUDE, &native_engine, &n, &e) < 0 &&
           e.kind == ERR_USAGE && strstr(e.text, option) != NULL &&
           strstr(e.text, "--engine native") != NULL && e.hint[0] != '\0',
       "%s is refused: %s %s", option, e.text, e.hint);
    n.no_engine = "no Docker engine found";
    n.no_engine_next = "Install Docker.";
    err_reset(&e);
    ok(features_check_options(&o, CMD_SHELL, &native_engine, &n, &e) < 0 &&
           e.kind == ERR_NOT_FOUND && strstr(e.text, option) != NULL &&
           strncmp(e.text, n.no_engine, strlen(n.no_engine)) == 0 &&
           strcmp(e.hint, "Install Docker.") == 0,
       "without --engine, the message says why no engine is used: %s", e.text);
    err_reset(&e);
    ok(features_check_options(&o, CMD_CLAUDE, &docker_engine, &n, &e) == 0 &&
           features_check_options(&o, CMD_CLEANUP, &native_engine, &n, &e) == 0,
       "an engine with the feature and a command without the option refuse nothing: %s",
       e.text);
}

static void options_that_need_an_engine_are_refused_natively(void)
{
    struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};
    struct opts list = {0};
    struct opts args = {0};

    strv_add(&list.packages, &arena, "figlet");
    strv_add(&args.build_args, &arena, "A=b");
    refused((struct opts){.sudo = true}, "--sudo");
    refused((struct opts){.image = "debian"}, "--image");
    refused(list, "--packages");
    refused((struct opts){.base = "debian"}, "--base");
    refused(args, "--build-arg");
    refused((struct opts){.docker = true}, "--docker");
    refused((struct opts){.ports = &port, .port_count = 1, .network = NETWORK_BRIDGE},
            "--publish");
    refused((struct opts){.network = NETWORK_BRIDGE}, "--network bridge");
}

static void a_configured_option_is_named_with_its_file(void)
{
    struct opts o = {.sudo = true, .network = NETWORK_BRIDGE, .config_file = "/h/config"};
    struct fact_native n = {0};
    struct err e = {0};

    ok(features_check_options(&o, CMD_CLAUDE, &native_engine, &n, &e) < 0 &&
           strncmp(e.text, "sudo in /h/config cannot", 24) == 0,
       "%s", e.text);
    err_reset(&e);
    o.given = option_bit(option_find(str_c("sudo")));
    ok(features_check_options(&o, CMD_CLAUDE, &native_engine, &n, &e) < 0 &&
           strncmp(e.text, "--sudo cannot", 13) == 0,
       "an option on the command line is not: %s", e.text);
    err_reset(&e);
    o.sudo = false;
    ok(features_check_options(&o, CMD_CLAUDE, &native_engine, &n, &e) < 0 &&
           strncmp(e.text, "network = bridge in /h/config", 29) == 0,
       "%s", e.text);
}

static void an_ignored_option_is_told(void)
{
    struct opts o = {.engine = ENGINE_NATIVE, .config_file = "/h/config"};
    struct missing m = {0};

    o.ignored =
        option_bit(option_find(str_c("network"))) | option_bit(option_find(str_c("sudo")));
    features_tell_ignored(&o, &arena, &m);
    ok(m.count == 2 && strncmp(m.list[0].text, "sudo in /h/config has no effect: ", 33) == 0 &&
           strncmp(m.list[1].text, "network = bridge in /h/config has", 33) == 0,
       "a line names each configured option that is ignored: %s", m.list[0].text);
}

/* Uses the examples of the rows. That of --network is the choice that needs a feature. */
static void every_option_that_needs_a_feature_is_refused_without_it(void)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        const enum opts_command command =
            (opt->commands & IN(CMD_CLAUDE)) != 0 ? CMD_CLAUDE : CMD_CLEANUP;
        struct opts o = {0};
        struct fact_native n = {0};
        struct err e = {0};
        bool refused;

        (void)set_example(opt, &o, &arena, &e);
        refused = features_check_options(&o, command, &native_engine, &n, &e) < 0;
        ok(refused == (opt->needs != 0), "%s: %s", opt->example, e.text);
    }
}

static void a_message_names_one_option(void)
{
    struct fact_native n = {0};
    struct opts_port port = {.ip = "127.0.0.1", .host = 1, .inside = 1, .protocol = "tcp"};
    struct opts o = {.docker = true, .base = "debian", .network = NETWORK_HOST};
    struct err e = {0};

    is_str(features_lacking(&o, CMD_CLAUDE, 0)->name, "base",
           "the option with the first feature is named");
    is_str(features_lacking(&o, CMD_CLAUDE, FEATURE_BUILD)->name, "docker",
           "the option with the next feature follows");
    ok(features_lacking(&o, CMD_CLAUDE, FEATURE_BUILD | FEATURE_SOCKET) == NULL,
       "a network that every engine has needs no feature");
    o = (struct opts){.ports = &port, .port_count = 1};
    (void)features_check_options(&o, CMD_CLAUDE, &native_engine, &n, &e);
    ok(strstr(e.hint, "leave --publish out") != NULL,
       "the hint is that of the engine's row: %s", e.hint);
}

/* The commands about images and `cco sync` need an engine, and no other command does. */
static void commands_that_need_an_engine_are_refused_natively(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        const char *name = command_name(c, &arena);
        const bool needs = strcmp(c->word, "image") == 0 || strcmp(c->word, "sync") == 0;
        struct err e = {0};
        struct opts o = {.command = c->id, .engine = ENGINE_NATIVE};
        int rc = features_check_command(&o, &arena, &e);

        ok(needs ? rc < 0 && e.kind == ERR_USAGE && strstr(e.text, name) != NULL &&
                       strstr(e.hint, "--engine docker") != NULL
                 : rc == 0,
           "%s: %s", name, e.text);
        err_reset(&e);
        o.engine = ENGINE_DOCKER;
        ok(features_check_command(&o, &arena, &e) == 0, "accepted with --engine docker %s",
           e.text);
    }
}

int main(void)
{
    options_that_need_an_engine_are_refused_natively();
    a_configured_option_is_named_with_its_file();
    an_ignored_option_is_told();
    every_option_that_needs_a_feature_is_refused_without_it();
    a_message_names_one_option();
    commands_that_need_an_engine_are_refused_natively();
    arena_release(&arena);
    return done_testing();
}
