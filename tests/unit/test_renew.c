/* SPDX-License-Identifier: MIT */
/* Which logins cause claude to run. The end-to-end tests answer the question at a terminal. */
#include "cli/renew.h"

#include "base/log.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <signal.h>
#include <sys/stat.h>

static struct app app;
static char home[600], search[600];
static char *env[] = {home, search, NULL};

static void put_login(long long expires, bool can_refresh)
{
    char text[256];

    (void)snprintf(text, sizeof(text),
                   "{\"claudeAiOauth\":{\"accessToken\":\"a\",%s\"expiresAt\":%lld}}",
                   can_refresh ? "\"refreshToken\":\"r\"," : "", expires);
    put_file(in_tmp(".claude/.credentials.json"), text);
}

/* Offers to renew a login that expires at `expires`. Returns how often claude ran. */
static size_t offered(long long expires, bool can_refresh)
{
    struct err e = {0};

    (void)unlink(in_tmp("ran"));
    put_login(expires, can_refresh);
    app.facts.login = (struct fact_login){
        .source = LOGIN_FILE,
        .path = in_tmp(".claude/.credentials.json"),
        .detail = "the file",
        .dir = in_tmp(".claude"),
        .expires_at_ms = expires,
        .can_refresh = can_refresh,
    };
    if (renew_offer(&app, &e) < 0) {
        (void)printf("# %s\n", e.text);
        return 99;
    }
    return file_exists(in_tmp("ran")) ? strlen(get_file(in_tmp("ran"))) : 0;
}

static void reasons(void)
{
    static const struct {
        int64_t expires_at_ms;
        const char *reason;
    } all[] = {{0, NULL},
               {1, "has expired"},
               {1000000, "has expired"},
               {1000001, "expires within ten minutes"},
               {1000000 + RENEW_SOON_MS - 1, "expires within ten minutes"},
               {1000000 + RENEW_SOON_MS, NULL}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct fact_login l = {.expires_at_ms = all[i].expires_at_ms};

        is_str(renew_reason(&l, 1000000), all[i].reason,
               "the reason depends on the time that is left");
    }
}

int main(void)
{
    char script[1200];

    reasons();
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    log_set_level(LOG_QUIET);
    (void)snprintf(home, sizeof(home), "HOME=%s", tmpdir);
    (void)snprintf(search, sizeof(search), "PATH=%s/bin:/usr/bin:/bin", tmpdir);
    (void)mkdir(in_tmp(".claude"), 0700);
    (void)mkdir(in_tmp("bin"), 0700);
    (void)mkdir(in_tmp("p"), 0700);
    (void)snprintf(script, sizeof(script),
                   "#!/bin/sh\nprintf x >>%s/ran\n"
                   "echo '{\"claudeAiOauth\":{\"accessToken\":\"n\",\"refreshToken\":\"m\","
                   "\"expiresAt\":9000000}}' >%s/.claude/.credentials.json\n",
                   tmpdir, tmpdir);
    put_file(in_tmp("bin/claude"), script);
    (void)chmod(in_tmp("bin/claude"), 0700);
    app.env = env;
    app.ctx.safe_env = env;
    app.sig.fd = -1;
    app.facts.home = arena_strdup(&app.arena, tmpdir);
    app.facts.data_dir = arena_strdup(&app.arena, in_tmp("data"));
    app.facts.project = app.facts.cwd_physical = arena_strdup(&app.arena, in_tmp("p"));
    app.facts.now_ms = 1000000;
    app.facts.claude_dir = arena_strdup(&app.arena, in_tmp(".claude"));
    app.facts.claude_json.path = arena_strdup(&app.arena, in_tmp(".claude.json"));
    is_int((long long)offered(1500000, true), 0,
           "without a terminal and --yes, claude is not run");
    app.opts.yes = true;
    is_int((long long)offered(1500000, true), 1,
           "with --yes, a login that expires within ten minutes is renewed");
    is_int(app.facts.login.expires_at_ms, 9000000, "the facts have the new login");
    is_int((long long)offered(1, true), 1, "an expired login is renewed");
    is_int((long long)offered(1700000, true), 0,
           "a login that is valid for longer is not renewed");
    is_int((long long)offered(1, false), 0, "a login without a refresh token is not renewed");
    app.opts.allow_oauth_refresh = true;
    is_int((long long)offered(1, true), 0, "with --allow-oauth-refresh no login is renewed");
    app.opts.allow_oauth_refresh = false;
    app.facts.trees = &(struct ledger){0};
    ledger_add(app.facts.trees, &app.arena, arena_strdup(&app.arena, in_tmp("bin")));
    is_int((long long)offered(1, true), 0, "a claude inside the project is not run");
    tmpdir_remove();
    arena_release(&app.arena);
    return done_testing();
}
