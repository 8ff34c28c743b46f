/* SPDX-License-Identifier: MIT */
#include "cli/fetch_claude.h"

#include "cli/app.h"
#include "heard.h"
#include "plan/plan.h"
#include "tap.h"

static struct app app;
static enum fetch_claude_result result;
static struct plan plan;

/* Returns what fetch_claude() writes to standard error. */
static const char *run(void)
{
    struct err e = {0};

    hear();
    app.facts.native = *plan.native.facts;
    if (fetch_claude(&app, &plan, &result, &e) < 0) {
        abort();
    }
    return heard();
}

int main(void)
{
    static char registry[] = "npm_config_registry=http://127.0.0.1:9/";
    char *const env[] = {registry, NULL};
    struct fact_native own = {.claude = "/usr/bin/claude"};
    struct fact_native fetched = {.claude = "/data/2.0.0/claude", .fetched = "2.0.0"};
    struct fact_native none = {.claude_why = "/p/claude is not used: why"};

    tmpdir_make();
    app_init(&app, env);
    app.ctx.sig = NULL; /* no signal ends a wait */
    app.facts.home = tmpdir;
    app.facts.data_dir = in_tmp("data");
    app.facts.state_dir = in_tmp("state");
    plan = (struct plan){.native.facts = &none, .command.runs_claude = true};
    is_str(run(), "", "an engine needs no claude of this machine");
    plan.kind = SANDBOX_NATIVE;
    plan.command.runs_claude = false;
    is_str(run(), "", "a shell needs no claude");
    plan.command.runs_claude = true;
    plan.native.facts = &own;
    is_str(run(), "", "a claude that is there is used");
    plan.native.facts = &fetched;
    is_str(run(), "", "a claude that was fetched is used");
    is_int(result, FETCH_CLAUDE_UNNEEDED, "nothing is fetched");
    app.opts.rebuild = true;
    ok(strstr(run(), "The claude that is there (2.0.0) is used") != NULL &&
           result == FETCH_CLAUDE_UNNEEDED,
       "if the newest cannot be fetched, the present one is used");
    plan.native.facts = &own;
    ok(strstr(run(), "claude update") != NULL && result == FETCH_CLAUDE_UNNEEDED,
       "the user's own claude is not replaced");
    plan.command.runs_claude = false;
    ok(strstr(run(), "nothing was rebuilt, because the sandbox uses your own claude, "
                     "/usr/bin/claude") != NULL &&
           result == FETCH_CLAUDE_UNNEEDED,
       "and a shell says so as well");
    plan.native.facts = &fetched;
    ok(strstr(run(), "The claude that is there (2.0.0) is used") != NULL,
       "the newest claude is fetched for a shell");
    plan.native.facts = &none;
    (void)run();
    is_int(result, FETCH_CLAUDE_FAILED, "also if there is none yet");
    plan.command.runs_claude = true;
    ok(strstr(run(), "/p/claude is not used: why") != NULL && result == FETCH_CLAUDE_FAILED,
       "without any claude the session cannot start");
    tmpdir_remove();
    return done_testing();
}
