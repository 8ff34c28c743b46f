/* SPDX-License-Identifier: MIT */
/* The warnings before a session. */
#include "cli/warnings.h"

#include "base/fd.h"
#include "base/log.h"
#include "cli/app.h"
#include "session/session_plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <unistd.h>

static struct app app;

/* Returns what the function writes to standard error. */
static const char *heard(void (*f)(void))
{
    const char *path = in_tmp("stderr");
    int kept = dup(STDERR_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    (void)dup2(fd, STDERR_FILENO);
    f();
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)close(fd);
    return get_file(path);
}

static struct plan plan_of(const char *first, const char *second)
{
    struct plan p = {.command.runs_claude = false};

    strv_add(&p.warnings, &app.arena, first);
    if (second != NULL) {
        strv_add(&p.warnings, &app.arena, second);
    }
    return p;
}

static void all(void)
{
    struct plan p = plan_of("one", "two");

    warnings_tell(&app, &p);
}

static void new_ones(void)
{
    struct plan told = plan_of("one", NULL);
    struct plan p = plan_of("one", "two");

    session_plan_warn(&p, &told.warnings);
}

static void no_claude(void)
{
    const struct fact_native n = {.no_engine = "no Docker engine found"};
    struct err why = {0};

    (void)err_set(&why, ERR_TIMEOUT, "the server is silent");
    (void)err_hint(&why, "Copy it there.");
    warnings_no_claude(&n, &why);
}

static void no_login(void)
{
    struct plan p = {.command.runs_claude = true};

    warnings_tell(&app, &p);
}

static void soon(void)
{
    struct plan p = {.command.runs_claude = true};

    app.facts.now_ms = 1000000;
    app.facts.login = (struct fact_login){.source = LOGIN_FILE,
                                          .detail = "/f",
                                          .expires_at_ms = 1000000 + 60000,
                                          .can_refresh = true};
    warnings_tell(&app, &p);
    p.login.with_refresh = true;
    warnings_tell(&app, &p); /* prints nothing: the sandbox may renew the login */
}

static void misspelled(void)
{
    struct strv l = {0};

    strv_add(&l, &app.arena, "--nmae");
    strv_add(&l, &app.arena, "name");
    warnings_misspelled(&l);
}

int main(void)
{
    tmpdir_make();
    app_init(&app, (char *const[]){NULL});
    is_str(heard(all), "cco: one\ncco: two\n", "the warnings of a plan are printed");
    is_str(heard(new_ones), "cco: two\n", "only the new warnings of a second plan are printed");
    ok(strstr(heard(no_login), "no login found") != NULL,
       "a missing login causes a warning if claude runs");
    is_str(heard(soon),
           "cco: the login in /f expires within ten minutes.\n"
           "     Run claude on this machine to renew it.\n",
           "a login that expires soon causes a warning, unless the sandbox may renew it");
    ok(strstr(heard(misspelled), "--nmae goes to claude") != NULL,
       "an option that resembles one of cco causes a warning");
    is_str(heard(no_claude),
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
