/* SPDX-License-Identifier: MIT */
#include "creds/login.h"

#include "base/limits.h"
#include "creds/store.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>

static struct arena arena;

/* Finds with up to four variables "K=V". */
static struct fact_login find(const char *a, const char *b, const char *c)
{
    char *env[4] = {NULL};
    struct fact_login out = {0};
    struct err e = {0};
    size_t n = 0;
    const char *const given[] = {a, b, c};

    for (size_t i = 0; i < 3; i++) {
        if (given[i] != NULL) {
            env[n++] = arena_strdup(&arena, given[i]);
        }
    }
    is_int(login_find(env, tmpdir, &arena, &out, &e), 0, "looking for a login");
    return out;
}

#define LOGIN                                                                                  \
    "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":\"rt\",\"expiresAt\":"        \
    "1700000000000,"                                                                           \
    "\"scopes\":[\"a\"]},\"mcpOAuth\":{\"x\":{\"refreshToken\":\"rt2\",\"accessToken\":"       \
    "\"at2\"}}}"

static void sources(void)
{
    struct fact_login l = find(NULL, NULL, NULL);

    is_int(l.source, LOGIN_NONE, "none");
    l = find("CLAUDE_CODE_USE_BEDROCK=1", "ANTHROPIC_API_KEY=k", "ANTHROPIC_AUTH_TOKEN=t");
    is_int(l.source, LOGIN_CLOUD, "a cloud overrides all");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", "ANTHROPIC_AUTH_TOKEN=t");
    is_int(l.source, LOGIN_AUTH_TOKEN, "then the auth token");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", NULL);
    is_int(l.source, LOGIN_API_KEY, "then the API key");
    is_str(l.detail, "ANTHROPIC_API_KEY", "told by its name, never its value");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=", NULL);
    is_int(l.source, LOGIN_OAUTH_TOKEN, "an empty variable is none; then the OAuth token");
    (void)mkdir(in_tmp(".config"), 0700);
    (void)mkdir(in_tmp(".config/claude"), 0700);
    put_file(in_tmp(".config/claude/.credentials.json"), LOGIN);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, ".config/claude") != NULL,
       "the old place of the file");
    (void)mkdir(in_tmp(".claude"), 0700);
    put_file(in_tmp(".claude/.credentials.json"), LOGIN);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, "/.claude/") != NULL && !l.broken,
       "claude's own place first");
    ok(l.expires_at_ms == 1700000000000, "and when it expires");
    (void)mkdir(in_tmp("other"), 0700);
    put_file(in_tmp("other/.credentials.json"), "[]");
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/other", tmpdir), NULL, NULL);
    ok(l.broken && l.why != NULL, "CLAUDE_CONFIG_DIR comes before it, broken or not: %s",
       l.why);
}

static void helpers(void)
{
    struct fact_login l;

    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":\"get-key --now\"}");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", NULL, NULL);
    ok(l.source == LOGIN_HELPER && strstr(l.detail, "/.claude/settings.json") != NULL,
       "a helper overrides the OAuth token");
    is_str(l.helper, "get-key --now", "its command");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", NULL);
    is_int(l.source, LOGIN_API_KEY, "a key overrides the helper");
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/other", tmpdir),
             "CLAUDE_CODE_OAUTH_TOKEN=o", NULL);
    is_int(l.source, LOGIN_OAUTH_TOKEN, "another directory has other settings");
    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":\"\"}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "an empty helper is none");
    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":[\"x\"]}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "nor is a list");
    put_file(in_tmp(".claude/settings.json"), "{");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "nor are broken settings");
    (void)unlink(in_tmp(".claude/settings.json"));
    ok(mkfifo(in_tmp(".claude/settings.json"), 0600) == 0 &&
           find(NULL, NULL, NULL).source == LOGIN_FILE,
       "nor a fifo");
    (void)unlink(in_tmp(".claude/settings.json"));
}

#define ENDED "{\"claudeAiOauth\":{\"accessToken\":\"\",\"refreshToken\":\"\",\"expiresAt\":0}}"

static void states(void)
{
    struct fact_login l = find(NULL, NULL, NULL);

    ok(l.can_refresh && strcmp(l.dir, in_tmp(".claude")) == 0 && l.program == NULL,
       "it can be refreshed, and where it is stored");
    put_file(in_tmp(".claude/.credentials.json"),
             "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":\"\"}}");
    l = find(NULL, NULL, NULL);
    ok(!l.can_refresh && !l.broken && l.expires_at_ms == 0, "or not");
    put_file(in_tmp(".claude/.credentials.json"), ENDED);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && l.broken && strstr(l.why, "ended by the server") != NULL &&
           l.next != NULL,
       "one that was ended: %s", l.why);
    put_file(in_tmp(".claude/.credentials.json"), "{\"mcpOAuth\":{}}");
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, ".config") != NULL,
       "a file without a login is passed over");
    (void)unlink(in_tmp(".claude/.credentials.json"));
    (void)mkdir(in_tmp(".claude/.credentials.json"), 0700);
    l = find(NULL, NULL, NULL);
    ok(l.broken && strcmp(l.why, "not a regular file") == 0, "a directory: %s", l.why);
    (void)rmdir(in_tmp(".claude/.credentials.json"));
    put_file(in_tmp(".claude/.credentials.json"), LOGIN);
}

static void stored(void)
{
    char none[] = "NONE=";
    char key[] = "ANTHROPIC_API_KEY=k";
    char *env[] = {key, NULL};
    char *keychain[] = {none, NULL, NULL, NULL};
    struct fact_login l;
    struct store s;
    struct err e = {0};

    ok(login_find_stored(env, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_FILE,
       "what is stored, whatever a variable says");
    login_store(&l, &s);
    ok(s.kind == STORE_FILE && strcmp(s.path, in_tmp(".claude/.credentials.json")) == 0 &&
           strcmp(s.dir, in_tmp(".claude")) == 0,
       "and where");
    ok(login_find_stored(env, in_tmp("nobody"), &arena, &l, &e) == 0 &&
           l.source == LOGIN_NONE &&
           strcmp(l.path, in_tmp("nobody/.claude/.credentials.json")) == 0,
       "nothing stored; where it would be");
    put_file(in_tmp("security"),
             "#!/bin/sh\ncat \"$HOME/item\" 2>/dev/null || exit ${1:+44}\n");
    (void)chmod(in_tmp("security"), 0700);
    keychain[0] = arena_printf(&arena, "CCO_KEYCHAIN=%s", in_tmp("security"));
    keychain[1] = arena_printf(&arena, "HOME=%s", tmpdir);
    keychain[2] = arena_strdup(&arena, "PATH=/usr/bin:/bin");
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_FILE,
       "no item: the file");
    ok(login_find_stored(keychain, in_tmp("nobody"), &arena, &l, &e) == 0 &&
           l.source == LOGIN_NONE,
       "none at all");
    login_store(&l, &s);
    is_int(s.kind, STORE_KEYCHAIN, "claude would use the Keychain");
    put_file(in_tmp("item"), LOGIN);
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           !l.broken && l.can_refresh && l.expires_at_ms == 1700000000000 && l.path == NULL,
       "the item first: %s", l.detail);
    put_file(in_tmp("item"), ENDED);
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           l.broken,
       "for bad as well: %s", l.why);
    put_file(in_tmp("security"), "#!/bin/sh\nexit 36\n");
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           l.broken && strstr(l.next, "unlock-keychain") != NULL,
       "locked: %s. %s", l.why, l.next);
}

static void checks(void)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "1",
        "{}",
        "{\"claudeAiOauth\":null}",
        "{\"claudeAiOauth\":{}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\"}}",
        "{\"mcpOAuth\":{}}",
        "{\"claudeAiOauth\":{\"accessToken\":1,\"expiresAt\":1}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"expiresAt\":\"1\"}}",
        "{\"claudeAiOauth\":[{\"accessToken\":\"a\",\"expiresAt\":1}]}",
        "{\"x\":{\"claudeAiOauth\":{\"accessToken\":\"a\",\"expiresAt\":1}}}",
        LOGIN "x"};
    struct login_shape shape;
    struct err e = {0};

    ok(login_check(str_c(LOGIN), &e) == 0, "a credentials file %s", e.text);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(login_check(str_c(bad[i]), &e) < 0 && e.kind == ERR_FORMAT, "none: %s: %s", bad[i],
           e.text);
    }
    ok(login_look(str_c("{\"claudeAiOauth\":{\"accessToken\":\"a\",\"expiresAt\":5,"
                        "\"subscriptionType\":\"max\"}}"),
                  &arena, &shape, &e) == 0 &&
           shape.expires_at_ms == 5 && !shape.can_refresh && !shape.ended,
       "what may be told of it");
    is_str(shape.subscription, "max", "the subscription as well");
}

static int strip(const char *text, bool with_refresh, struct buf *out, struct err *e)
{
    buf_reset(out);
    return login_strip(str_c(text), with_refresh, out, e);
}

static void copies(void)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, LIMIT_CREDENTIALS);
    is_int(strip(LOGIN, false, &b, &e), 0, "a copy");
    ok(!str_contains(buf_str(&b), "refreshToken") && !str_contains(buf_str(&b), "rt"),
       "without any refresh token, at any depth");
    ok(str_contains(buf_str(&b), "\"accessToken\":\"at\"") && str_contains(buf_str(&b), "at2"),
       "all else is there");
    is_int(strip(LOGIN, true, &b, &e), 0, "a copy that can be refreshed");
    ok(str_contains(buf_str(&b), "\"refreshToken\":\"rt\"") &&
           !str_contains(buf_str(&b), "rt2") && login_check(buf_str(&b), &e) == 0,
       "has the login's refresh token, and no other");
    ok(strip("{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":7,\"expiresAt\":1},"
             "\"refreshToken\":\"x\"}",
             true, &b, &e) == 0 &&
           !str_contains(buf_str(&b), "refreshToken"),
       "what is no token is not kept");
    ok(strip("{\"claudeAiOauth\":{\"accessToken\":", false, &b, &e) < 0 && b.len == 0,
       "a broken text: %s", e.text);
    ok(strstr(e.text, "accessToken") == NULL, "which is not told");
    ok(strip("[]", false, &b, &e) < 0, "another shape: %s", e.text);
    buf_wipe(&b);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    sources();
    helpers();
    states();
    stored();
    checks();
    copies();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
