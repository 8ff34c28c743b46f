/* SPDX-License-Identifier: MIT */
#include "cli/warnings.h"

#include "base/log.h"
#include "cli/app.h"
#include "cli/renew.h"
#include "session/missing_told.h"
#include "session/remote_files.h"
#include "session/session_plan.h"

static void warn_about_login(const struct facts *f, bool may_refresh)
{
    const struct fact_login *l = &f->login;
    const char *reason = renew_reason(l, f->now_ms);
    bool renews_itself = may_refresh && l->can_refresh;

    if (l->broken) {
        log_warn("%s: %s\nclaude will ask for a login%s%s", l->detail, l->why,
                 l->next != NULL ? ". " : "; ",
                 l->next != NULL ? l->next : "run claude on this machine to renew it.");
    } else if (l->source == LOGIN_NONE) {
        log_warn("no login found: claude will ask for one.\n"
                 "Log in with claude on this machine, or set ANTHROPIC_API_KEY.");
    } else if (reason != NULL && !renews_itself) {
        log_warn("the login in %s %s.\nRun claude on this machine to renew it.", l->detail,
                 reason);
    }
}

void warnings_no_claude(const struct fact_native *n, const struct err *why)
{
    log_error("%s%sthere is no Claude Code on this machine, and it could not be fetched:\n"
              "%s%s%s\n"
              "To install it yourself: curl -fsSL https://claude.ai/install.sh | bash\n"
              "or, with Node.js: npm install -g @anthropic-ai/claude-code",
              n->no_engine != NULL ? n->no_engine : "", n->no_engine != NULL ? "\n" : "",
              why->text, why->hint[0] != '\0' ? "\n" : "", why->hint);
}

void warnings_misspelled(const struct strv *l)
{
    for (size_t i = 0; i + 1 < l->count; i += 2) {
        log_warn("%s goes to claude, because it is not an option of cco. Did you mean --%s?",
                 l->v[i], l->v[i + 1]);
    }
}

/* Prints which of claude's variables do not pass, if the user wants to know details. */
static void tell_left_out(const struct plan *p, struct arena *a)
{
    if (p->env.left_out.count > 0) {
        log_verbose("variables that do not pass into the sandbox: %s. To pass one: --env NAME",
                    strv_join(&p->env.left_out, ", ", a));
    }
}

void warnings_tell(struct app *app, const struct plan *p)
{
    const struct strv none = {0};

    tell_left_out(p, &app->arena);
    remote_files_warn(&app->ctx, p);
    session_plan_warn(p, &none);
    missing_tell(&app->ctx, &p->missing);
    if (p->command.runs_claude) {
        warn_about_login(&app->facts, p->login.with_refresh);
    }
}
