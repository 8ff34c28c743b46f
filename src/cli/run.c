/* SPDX-License-Identifier: MIT */
/* `cco` and `cco shell`: plan a session, then print the plan (--dry-run) or run the session. */
#include "base/env.h"
#include "base/exit_status.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "cli/ask_trust.h"
#include "cli/features.h"
#include "cli/fetch_claude.h"
#include "cli/renew.h"
#include "cli/warnings.h"
#include "session/fallback.h"
#include "session/session_plan.h"
#include "session/session_run.h"

#include <string.h>

static int print_plan(struct app *app, const struct plan *p, struct err *e)
{
    struct buf out;

    buf_init(&out, LIMIT_REQUEST);
    if (plan_print(p, &app->facts, &out, e) < 0) {
        buf_release(&out);
        return -1;
    }
    return app_print(app, &out, e);
}

/* Reads CCO_LINE: "socket" (the default) lets init connect to cco's socket if it can reach it,
 * and "stream" makes it use the engine's attached streams. Returns 0 on success and -1 on
 * error. */
static int choose_line(const struct app *app, bool *through_engine, struct err *e)
{
    const char *line = env_value(app->env, "CCO_LINE");

    if (line == NULL || strcmp(line, "socket") == 0) {
        return 0;
    }
    if (strcmp(line, "stream") != 0) {
        (void)err_set(e, ERR_USAGE, "CCO_LINE=%s: expected socket or stream", line);
        return err_hint(e, "Unset the variable CCO_LINE, or use one of these values.");
    }
    *through_engine = true;
    return 0;
}

/* Finds the engine, and refuses options for which it lacks the feature. If no engine is found,
 * --dry-run plans for a local Docker engine, with a warning. Returns 0 on success and -1 on
 * error. */
static int find_engine(struct app *app, struct err *e)
{
    if (app_engine(app, e) == 0) {
        if (features_check_options(&app->opts, app->opts.command, app->engine.ops,
                                   &app->facts.native, e) < 0) {
            return -1;
        }
        return app->opts.dry_run ? fallback_foresee(&app->ctx, e) : 0;
    }
    if (!app->opts.dry_run) {
        return -1;
    }
    log_warn("the plan assumes a local Docker engine: %s", e->text);
    err_reset(e);
    return 0;
}

static int make_plan(struct app *app, struct plan *p, struct err *e)
{
    int rc = session_plan(&app->ctx, SESSION_PLAN_DRAFT, p, e);

    if (rc == 0 && app->engine.api_minor != 0) {
        rc = session_plan(&app->ctx, SESSION_PLAN_IMAGE, p, e);
    }
    timing_mark(&app->timing, "plan");
    return rc;
}

int cmd_run(struct app *app, struct err *e)
{
    struct plan plan;
    enum fetch_claude_result fetched;
    bool through_engine = false;
    int asked;

    if (choose_line(app, &through_engine, e) < 0 || app_probe(app, e) < 0 ||
        find_engine(app, e) < 0 || make_plan(app, &plan, e) < 0) {
        return -1;
    }
    warnings_misspelled(&app->opts.misspelled);
    if (app->opts.dry_run) {
        return print_plan(app, &plan, e);
    }
    if (fetch_claude(app, &plan, &fetched, e) < 0) {
        return -1;
    }
    if (fetched == FETCH_CLAUDE_FAILED) {
        return EXIT_NOT_FOUND;
    }
    if (fetched == FETCH_CLAUDE_DONE && make_plan(app, &plan, e) < 0) {
        return -1;
    }
    asked = ask_trust(app, e);
    if (asked < 0 || (asked > 0 && make_plan(app, &plan, e) < 0)) {
        return -1;
    }
    if (plan.command.runs_claude && renew_offer(app, e) < 0) {
        return -1;
    }
    warnings_tell(app, &plan);
    return session_run(&app->ctx, &plan, through_engine, e);
}
