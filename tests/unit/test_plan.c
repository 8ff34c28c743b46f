/* SPDX-License-Identifier: MIT */
/* Tests whole plans. */
#include "plan/plan.h"

#include "plan_golden.h"
#include "wire/boot.h"

/* Plans for a cco that runs in a container of the engine. */
static void network_of(const char *own, enum plan_network_mode want)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    t.f.engine.own_network = own;
    (void)planned_build(&t);
    ok(t.p.network.mode == want,
       "in a container with the network %s, the plan has the right mode", own);
    planned_release(&t);
}

/* Words of `cco shell` that sh would take for options. */
static void word_for_sh(const char *word, bool guarded)
{
    struct planned t;

    planned_init(&t, NULL);
    t.o.command = CMD_SHELL;
    strv_add(&t.o.args, &t.arena, word);
    (void)planned_build(&t);
    ok(t.p.command.argv.count == (guarded ? 4 : 3) &&
           strcmp(t.p.command.argv.v[2], guarded ? "--" : word) == 0,
       "sh -c does not take the word %s for an option", word);
    planned_release(&t);
}

/* Only standard error is no terminal outside. */
static void errors_in_a_file(enum opts_command command, const char *word,
                             enum sandbox_kind kind, bool tty)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.stderr_tty = false;
    t.f.engine.kind = kind;
    t.o.command = command;
    if (word != NULL) {
        strv_add(&t.o.args, &t.arena, word);
    }
    (void)planned_build(&t);
    ok(t.p.command.tty == tty &&
           t.p.command.side == (tty ? 0U : (unsigned)(BOOT_SIDE_IN | BOOT_SIDE_OUT)),
       "errors in a file: %s %s a terminal of its own", word != NULL ? word : "nothing",
       tty ? "gets" : "does not get");
    planned_release(&t);
}

/* Names of files in warnings can contain anything. */
static void warnings_have_one_line(void)
{
    struct planned t;
    struct opts_path path = {.path = "a\ncco: b", .access = ACCESS_HIDE, .option = "--deny"};
    struct fact_option_path fact = {.target = "/x", .physical = "/x", .type = FACT_DIR};

    planned_init(&t, NULL);
    strv_add(&t.f.warnings, &t.arena, "found\n\033[2Jx");
    strv_add(&t.o.env, &t.arena, "NOT_SET\nx");
    t.o.paths = &path;
    t.f.option_paths = &fact;
    t.o.path_count = t.f.option_path_count = 1;
    ok(planned_build(&t) == 0 && strv_has(&t.p.warnings, "found\\x0a\\x1b[2Jx"),
       "a warning of the facts is escaped");
    for (size_t i = 0; i < t.p.warnings.count; i++) {
        ok(strchr(t.p.warnings.v[i], '\n') == NULL, "one line: %s", t.p.warnings.v[i]);
    }
    planned_release(&t);
}

int main(void)
{
    plan_goldens();
    warnings_have_one_line();
    word_for_sh("ls -l", false);
    word_for_sh("-x", true);
    word_for_sh("+x", true);
    errors_in_a_file(CMD_SHELL, "make", SANDBOX_LOCAL_CONTAINER, false);
    errors_in_a_file(CMD_SHELL, "make", SANDBOX_REMOTE_CONTAINER, true);
    errors_in_a_file(CMD_SHELL, NULL, SANDBOX_LOCAL_CONTAINER, true);
    errors_in_a_file(CMD_CLAUDE, "-p", SANDBOX_LOCAL_CONTAINER, false);
    errors_in_a_file(CMD_CLAUDE, NULL, SANDBOX_LOCAL_CONTAINER, true);
    network_of("host", PLAN_NET_HOST);
    network_of("container:5c9a", PLAN_NET_OWN);
    return done_testing();
}
