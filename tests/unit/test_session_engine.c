/* SPDX-License-Identifier: MIT */
/* Which engine is used. test_prepare.c has more tests without an engine. */
#include "session/session_engine.h"

#include "cli.h"
#include "tap.h"

static char variables[3][300];

/* An engine that the user has named and that does not answer is an error. */
static void named_engine_is_not_replaced(void)
{
    struct app app;
    char *env[] = {variables[0], variables[1], variables[2], NULL};
    struct err e = {0};

    app_init(&app, env);
    app.opts.command = CMD_SHELL;
    (void)snprintf(variables[2], sizeof(variables[2]), "DOCKER_HOST=unix:///nowhere/docker");
    (void)app_probe(&app, &e);
    ok(session_engine_open(&app.ctx, &e) < 0 && app.facts.engine.kind != SANDBOX_NATIVE &&
           strstr(e.hint, "--engine native") != NULL,
       "an engine that was named is not replaced by the native one: %s %s", e.text, e.hint);
    engine_close(&app.engine);
    arena_release(&app.arena);
}

/* Many scripts empty a variable instead of unsetting it. */
static void empty_variables_count_as_unset(void)
{
    struct app app;
    static char timeout[] = "CCO_ENGINE_TIMEOUT=";
    static char files[] = "CCO_ENGINE_FILES=";
    char *env[] = {variables[0], variables[1], variables[2], timeout, files, NULL};
    struct err e = {0};

    app_init(&app, env);
    (void)app_probe(&app, &e);
    (void)session_engine_connect(&app.ctx, &docker_engine, &e);
    ok(e.kind != ERR_USAGE, "an empty variable is not an invalid value: %s", e.text);
    is_int(app.engine.timeout_ms, ENGINE_TIMEOUT_MS, "an empty variable counts as unset");
    engine_close(&app.engine);
    arena_release(&app.arena);
}

/* The native engine may replace only an engine that the user has not named. */
static void native_engine_replaces_only_an_unnamed_one(void)
{
    struct app app;
    struct err e = {.kind = ERR_NOT_FOUND};

    app_init(&app, (char *const[]){NULL});
    app.engine.chosen = ENGINE_BY_FIRST;
    ok(session_engine_goes_native(&app.ctx, &e),
       "without a named engine the native one may be used");
    app.opts.engine = ENGINE_DOCKER;
    ok(!session_engine_goes_native(&app.ctx, &e),
       "with --engine docker the native one may not be used");
    app.opts.engine = ENGINE_AUTO;
    e.kind = ERR_CANCELED;
    ok(!session_engine_goes_native(&app.ctx, &e),
       "after a signal the native one may not be used");
    e.kind = ERR_NOT_FOUND;
    app.engine.chosen = "DOCKER_HOST";
    ok(!session_engine_goes_native(&app.ctx, &e),
       "with DOCKER_HOST the native one may not be used");
}

int main(void)
{
    cli_setup();
    (void)snprintf(variables[0], sizeof(variables[0]), "HOME=%s", in_tmp("home"));
    (void)snprintf(variables[1], sizeof(variables[1]), "XDG_RUNTIME_DIR=%s", in_tmp("none"));
    (void)chdir(in_tmp("home/project"));
    named_engine_is_not_replaced();
    empty_variables_count_as_unset();
    native_engine_replaces_only_an_unnamed_one();
    tmpdir_remove();
    return done_testing();
}
