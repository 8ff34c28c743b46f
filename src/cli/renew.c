/* SPDX-License-Identifier: MIT */
#include "cli/renew.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "cli/prompt.h"
#include "creds/login.h"
#include "plan/claude_state.h"
#include "trust/lookup.h"

#include <unistd.h>

enum { ANSWER_MAX = 1 << 20, SAID_MAX = 1024 }; /* bytes of claude's stdout and stderr */

/* Runs claude in another directory, because the project's settings may have hooks, which claude
 * would run on the host; and without the user's hooks and MCP servers, because their programs
 * may be where an agent could write. */
static const char elsewhere[] =
    "cd \"$1\" && exec \"$2\" --settings '{\"disableAllHooks\":true}' --strict-mcp-config "
    "-p 'Answer with the word ok.'";

const char *renew_reason(const struct fact_login *l, int64_t now_ms)
{
    if (l->expires_at_ms <= 0 || l->expires_at_ms - now_ms >= RENEW_SOON_MS) {
        return NULL;
    }
    return l->expires_at_ms <= now_ms ? "has expired" : "expires within ten minutes";
}

static bool can_be_renewed(const struct fact_login *l, int64_t now_ms)
{
    return (l->source == LOGIN_FILE || l->source == LOGIN_KEYCHAIN) && !l->broken &&
           l->can_refresh && renew_reason(l, now_ms) != NULL;
}

/* Returns true if an agent could have written what the host's claude obeys. That it is pinned
 * is not enough, because it could change before claude reads it. */
static bool claude_could_obey_an_agent(struct app *app)
{
    const struct facts *f = &app->facts;

    for (size_t i = 0; i < claude_state_count; i++) {
        const struct state_entry *s = &claude_state[i];

        if ((s->share == STATE_LOCKED || s->share == STATE_COPIED) &&
            !lookup_is_safe(&app->arena, f->trees,
                            path_join(&app->arena, f->claude_dir, s->name))) {
            return true;
        }
    }
    return !lookup_is_safe(&app->arena, f->trees, f->claude_json.path);
}

/* Returns the path of claude in PATH. Returns NULL if there is none or an agent could have
 * written it. */
static const char *find_claude(struct app *app)
{
    const char *found = proc_find("claude", app->env, &app->arena);
    return found != NULL && lookup_is_safe(&app->arena, app->facts.trees, found) ? found : NULL;
}

/* Runs claude. Returns 0 if it ran, with any exit status, and -1 if it could not run or took
 * too long. The caller then looks whether the login is a new one. */
static int run_claude(struct app *app, const char *claude, struct err *e)
{
    const char *const argv[] = {"sh", "-c", elsewhere, "sh", app->facts.data_dir, claude, NULL};
    struct buf answer;
    struct buf said;
    const struct proc p = {
        .program = "/bin/sh",
        .argv = argv,
        .env = app->ctx.safe_env,
        .sig = &app->sig,
        .out = &answer,
        .err = &said,
        .deadline_ms = clock_ms() + RENEW_TIMEOUT_MS,
    };
    struct str line = {0};
    struct str rest;
    int status = 0;
    int rc;

    buf_init(&answer, ANSWER_MAX);
    buf_init(&said, SAID_MAX);
    log_info("renewing the login: running %s ...", claude);
    rc = file_mkdirs(app->facts.data_dir, 0700, e) < 0 ? -1 : proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        rest = str_trim(buf_str(said.len > 0 ? &said : &answer));
        (void)str_cut(&rest, '\n', &line);
        log_warn("%s ended with status %d%s%.*s", claude, status, line.len > 0 ? ": " : "",
                 (int)line.len, line.p != NULL ? line.p : "");
    }
    buf_wipe(&answer);
    buf_release(&said);
    return rc;
}

static void look_again(struct app *app)
{
    struct err ignored = {0};
    struct fact_login now = {0};

    if (login_find(app->ctx.safe_env, app->facts.home, &app->arena, &now, &ignored) == 0) {
        app->facts.login = now;
    }
}

int renew_offer(struct app *app, struct err *e)
{
    const struct fact_login *l = &app->facts.login;
    const char *claude = can_be_renewed(l, app->facts.now_ms) ? find_claude(app) : NULL;
    struct err own = {0};
    int lock = -1;
    int rc = -1;

    if (claude == NULL || claude_could_obey_an_agent(app) || app->opts.allow_oauth_refresh ||
        (!app->opts.yes && (!app->facts.stdin_tty || isatty(STDERR_FILENO) == 0))) {
        return 0;
    }
    if (!app->opts.yes) {
        log_error("the login in %s %s.", l->detail, renew_reason(l, app->facts.now_ms));
    }
    rc = prompt_yes("run claude on this machine to renew it? (one short prompt)", app->opts.yes,
                    &app->sig, e);
    if (rc <= 0) {
        return rc;
    }
    lock = file_lock_dir(l->dir, clock_ms() + RENEW_TIMEOUT_MS, &own);
    look_again(app); /* another cco may have renewed it meanwhile */
    if (lock >= 0 && can_be_renewed(&app->facts.login, app->facts.now_ms)) {
        (void)run_claude(app, claude, &own); /* `own` has the error */
        look_again(app);
    }
    fd_close(&lock);
    if (own.kind == ERR_CANCELED) {
        *e = own;
        return -1;
    }
    if (own.kind != ERR_NONE) {
        log_warn("%s", own.text);
    }
    return 0;
}
