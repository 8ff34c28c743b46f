/* SPDX-License-Identifier: MIT */
/* A login of the host and a session directory with a copy of it, for tests. */
#ifndef TESTS_EXCHANGE_H
#define TESTS_EXCHANGE_H

#include "base/limits.h"
#include "creds/exchange.h"
#include "creds/journal.h"
#include "creds/login.h"
#include "tmpdir.h"

static char *no_env[] = {NULL};
static char session_dir[128];

/* Returns the text of a login. The last four results may be used at the same time. */
__attribute__((unused)) static const char *login_text(int n, const char *account)
{
    static char texts[4][1024];
    static unsigned at;

    at = (at + 1) % 4;
    (void)snprintf(texts[at], sizeof(texts[at]),
                   "{ \"claudeAiOauth\": {\"accessToken\":\"a%d\", \"refreshToken\":\"r%d\",\n"
                   " \"expiresAt\":17000000%d0000, \"accountUuid\":\"%s\"},\"mcpOAuth\":"
                   "{\"x\":{\"refreshToken\":\"m\"}} }\n",
                   n, n, n, account);
    return texts[at];
}

/* host_text() returns the host's login, and box_text() the session's copy; "(none)" if there is
 * none. */
__attribute__((unused)) static const char *host_text(void)
{
    return get_file(in_tmp("claude/.credentials.json"));
}

__attribute__((unused)) static const char *box_text(void)
{
    return get_file(in_tmp("session/" JOURNAL_LOGIN));
}

/* put_host() replaces the host's login, and put_box() the session's copy. */
__attribute__((unused)) static void put_host(const char *text)
{
    put_file(in_tmp("claude/.credentials.json"), text);
    (void)chmod(in_tmp("claude/.credentials.json"), 0600);
}

__attribute__((unused)) static void put_box(const char *text)
{
    put_file(in_tmp("session/" JOURNAL_LOGIN), text);
}

/* Makes `text` the host's login, and gives the session a copy of it as session_dir_fill.c
 * does. */
__attribute__((unused)) static void hand_out(const char *text, bool with_refresh)
{
    struct err e = {0};
    struct buf copy;
    struct journal j = {
        .project = "/p",
        .has_store = true,
        .with_refresh = with_refresh,
    };
    static char data[128], dir[128], path[160];

    (void)file_remove_tree(in_tmp("data"), &e);
    (void)file_remove_tree(in_tmp("session"), &e);
    (void)snprintf(session_dir, sizeof(session_dir), "%s/session", tmpdir);
    (void)snprintf(data, sizeof(data), "%s/data", tmpdir);
    (void)snprintf(dir, sizeof(dir), "%s/claude", tmpdir);
    (void)snprintf(path, sizeof(path), "%s/claude/.credentials.json", tmpdir);
    (void)mkdir(dir, 0700);
    (void)mkdir(session_dir, 0700);
    (void)mkdir(in_tmp("session/files"), 0700);
    j.data_dir = data;
    j.store = (struct store){.kind = STORE_FILE, .dir = dir, .path = path, .env = no_env};
    put_host(text);
    exchange_mark(str_c(text), with_refresh, j.given);
    buf_init(&copy, LIMIT_CREDENTIALS);
    if (login_strip(str_c(text), with_refresh, &copy, &e) < 0 ||
        journal_write(session_dir, &j, &e) < 0) {
        (void)printf("# %s\n", e.text);
        abort();
    }
    put_box(buf_c(&copy));
    (void)chmod(in_tmp("session/" JOURNAL_LOGIN), 0600);
    buf_release(&copy);
}

#endif
