/* SPDX-License-Identifier: MIT */
/* The reasons to build a plan again, and what they change. */
#include "session/session_plan.h"

#include "cli.h"
#include "native/userns_error.h"
#include "tap.h"

#include <errno.h>

static struct app app;
static struct plan plan;
static struct err e;

static void reasons_change_the_plan(void)
{
    const char *name;

    ok(session_plan(&app.ctx, SESSION_PLAN_DRAFT, &plan, &e) == 0, "a first draft is built %s",
       e.text);
    name = plan.name;
    (void)err_set(&e, ERR_ENGINE, "taken");
    ok(session_plan(&app.ctx, SESSION_PLAN_NAME_TAKEN, &plan, &e) == 0 && e.kind == ERR_NONE &&
           strcmp(plan.name, name) != 0,
       "for a taken name the plan gets another name");
    (void)err_set(&e, ERR_ENGINE, "no file");
    ok(session_plan(&app.ctx, SESSION_PLAN_REMOTE, &plan, &e) == 0 &&
           plan.kind == SANDBOX_REMOTE_CONTAINER && app.facts.engine.remote_why != NULL,
       "for an engine that does not see our files the plan is remote");
}

static enum session_plan_reason why(int code, const char *text)
{
    err_reset(&e);
    (void)err_set(&e, ERR_ENGINE, "%s", text);
    e.code = code;
    return session_plan_why_again(&app.ctx, &plan, &e);
}

static void errors_give_reasons(void)
{
    static const struct fact_native native;

    app.facts.engine.kind = SANDBOX_LOCAL_CONTAINER;
    plan = (struct plan){0};
    ok(why(409, "in use") == SESSION_PLAN_NAME_TAKEN,
       "a conflict means that the name is taken");
    ok(why(500, "in use") == SESSION_PLAN_NO_REASON, "an error of the engine is not a reason");
    app.opts.name = "mine";
    ok(why(409, "in use") == SESSION_PLAN_NO_REASON, "a name that the user gave is kept");
    ok(why(400, "bind source path does not exist: /") == SESSION_PLAN_REMOTE,
       "an engine that does not find an existing path is remote");
    ok(why(400, "bind source path does not exist: /no/such") == SESSION_PLAN_NO_REASON,
       "a path that does not exist here is not a reason");
    app.facts.engine.kind = SANDBOX_REMOTE_CONTAINER;
    ok(why(400, "bind source path does not exist: /") == SESSION_PLAN_NO_REASON,
       "an engine that counts as remote already gives no reason");
    plan.native.facts = &native;
    plan.kind = SANDBOX_NATIVE;
    err_reset(&e);
    errno = EPERM;
    (void)err_sys(&e, "new namespaces");
    (void)userns_error_mark(&e, USERNS_ERROR_CLONE);
    ok(session_plan_why_again(&app.ctx, &plan, &e) == SESSION_PLAN_LANDLOCK_ONLY,
       "forbidden namespaces are a reason");
}

int main(void)
{
    char env[2][300];
    char *envp[] = {env[0], env[1], NULL};

    cli_setup();
    (void)snprintf(env[0], sizeof(env[0]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[1], sizeof(env[1]), "XDG_RUNTIME_DIR=%s", in_tmp("run"));
    app_init(&app, envp);
    app.opts.command = CMD_SHELL;
    app.opts.image = "small";
    ok(chdir(in_tmp("home/project")) == 0 && app_probe(&app, &e) == 0, "facts are probed %s",
       e.text);
    app.facts.engine.address = "unix:///nowhere";
    reasons_change_the_plan();
    errors_give_reasons();
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
