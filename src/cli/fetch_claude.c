/* SPDX-License-Identifier: MIT */
#include "cli/fetch_claude.h"

#include "base/log.h"
#include "cli/app.h"
#include "cli/warnings.h"
#include "host/probe.h"
#include "plan/plan.h"
#include "session/claude_fetch.h"

static void tell_before(const struct fact_native *n)
{
    if (n->claude_why != NULL) {
        log_warn("%s", n->claude_why);
    }
    log_verbose("Claude Code is not on this machine: cco fetches it");
}

/* Returns true if claude has to be fetched first: the plan needs one, or the user wants the
 * newest one, which every command in the sandbox can run. */
static bool is_needed(const struct app *app, const struct plan *p)
{
    const struct fact_native *n = p->native.facts;

    if (!plan_is_native(p)) {
        return false;
    }
    if (!app->opts.rebuild) {
        return p->command.runs_claude && n->claude == NULL;
    }
    if (n->claude != NULL && n->fetched == NULL) {
        log_warn(
            "--rebuild: nothing was rebuilt, because the sandbox uses your own claude, %s. "
            "To update it: claude update",
            n->claude);
        return false;
    }
    return true;
}

int fetch_claude(struct app *app, const struct plan *p, enum fetch_claude_result *out,
                 struct err *e)
{
    const struct fact_native *n = p->native.facts;
    struct err own = {0};

    *out = FETCH_CLAUDE_UNNEEDED;
    if (!is_needed(app, p)) {
        return 0;
    }
    if (n->claude == NULL) {
        tell_before(n);
    }
    if (claude_fetch(&app->ctx, app->opts.rebuild, &own) == 0) {
        host_native_claude(app->env, &app->arena, &app->facts);
        timing_mark(&app->timing, "fetch");
        *out = FETCH_CLAUDE_DONE;
        return 0;
    }
    if (own.kind == ERR_CANCELED) {
        *e = own;
        return -1;
    }
    if (n->claude != NULL) {
        log_warn("%s\nThe claude that is there (%s) is used.", own.text, n->fetched);
        return 0;
    }
    warnings_no_claude(n, &own);
    *out = FETCH_CLAUDE_FAILED;
    return 0;
}
