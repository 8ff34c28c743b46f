/* SPDX-License-Identifier: MIT */
/* The warnings before a session. */
#include "cli/warnings.h"

#include "base/fd.h"
#include "base/log.h"
#include "cli/app.h"
#include "heard.h"
#include "session/session_plan.h"
#include "tap.h"

static struct app app;

static struct plan plan_of(const char *first, const char *second)
{
    struct plan p = {.command.runs_claude = false};

    strv_add(&p.warnings, &app.arena, first);
    if (second != NULL) {
        strv_add(&p.warnings, &app.arena, second);
    }
    return p;
}

static const char *all(void)
{
    struct plan p = plan_of("one", "two");

    hear();
    warnings_tell(&app, &p);
    return heard();
}

static const char *new_ones(void)
{
    struct plan told = plan_of("one", NULL);
    struct plan p = plan_of("one", "two");

    hear();
    session_plan_warn(&p, &told.warnings);
    return heard();
}

static const char *no_claude(void)
{
    const struct fact_native n = {.no_engine = "no Docker engine found"};
    struct err why = {0};

    (void)err_set(&why, ERR_TIMEOUT, "the server is silent");
    (void)err_hint(&why, "Copy it there.");
    hear();
    warnings_no_claude(&n, &why);
    return heard();
}

static const char *no_login(void)
{
    struct plan p = {.command.runs_claude = true};

    hear();
    warnings_tell(&app, &p);
    return heard();
}

static const char *soon(void)
{
    struct plan p = {.command.runs_claude = true};

    app.facts.now_ms = 1000000;
    app.facts.login = (struct fact_login){.source = LOGIN_FILE,
                                          .detail = "/f",
                                          .expires_at_ms = 1000000 + 60000,
                                          .can_refresh = true};
    hear();
    warnings_tell(&app, &p);
    p.login.with_refresh = true;
    warnings_tell(&app, &p); /* prints nothing: the sandbox may renew the login */
    return heard();
}

static const char *misspelled(void)
{
    struct strv l = {0};

    strv_add(&l, &app.arena, "--nmae");
    strv_add(&l, &app.arena, "name");
    hear();
    warnings_misspelled(&l);
    return heard();
}

int main(void)
{
    tmpdir_make();
    app_init(&app, (char *const[]){NULL});
    is_str(all(), "cco: one\ncco: two\n", "the warnings of a plan are printed");
    is_str(new_ones(), "cco: two\n", "only the new warnings of a second plan are printed");
    ok(strstr(no_login(), "no login found") != NULL,
       "a missing login causes a warning if claude runs");
    is_str(soon(),
           "cco: the login in /f expires within ten minutes.\n"
           "     Run claude on this machine to renew it.\n",
           "a login that expires soon causes a warning, unless the sandbox may renew it");
    ok(strstr(misspelled(), "--nmae goes to claude") != NULL,
       "an option that resembles one of cco causes a warning");
    is_str(no_claude(),
           "cco: no Docker engine found\n"
           "     there is no Claude Code on this machine, and it could not be fetched:\n"
           "     the server is silent\n"
           "     Copy it there.\n"
           "     To install it yourself: curl -fsSL https://claude.ai/install.sh | bash\n"
           "     or, with Node.js: npm install -g @anthropic-ai/claude-code\n",
           "a missing claude is an error that says why and how to install it");
    tmpdir_remove();
    arena_release(&app.arena);
    return done_testing();
}
