/* SPDX-License-Identifier: MIT */
#include "creds/login.h"

#include "base/limits.h"
#include "creds/store.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>

static struct arena arena;

/* Finds the login with up to three variables "K=V". */
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
    is_int(login_find(env, tmpdir, &arena, &out, &e), 0, "finding a login succeeds");
    return out;
}

#define LOGIN                                                                                  \
    "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":\"rt\",\"expiresAt\":"        \
    "1700000000000,"                                                                           \
    "\"scopes\":[\"a\"]},\"mcpOAuth\":{\"x\":{\"refreshToken\":\"rt2\",\"accessToken\":"       \
    "\"at2\"}}}"

static void sources_have_a_fixed_order(void)
{
    struct fact_login l = find(NULL, NULL, NULL);

    is_int(l.source, LOGIN_NONE, "without variables and files no login is found");
    l = find("CLAUDE_CODE_USE_BEDROCK=1", "ANTHROPIC_API_KEY=k", "ANTHROPIC_AUTH_TOKEN=t");
    is_int(l.source, LOGIN_CLOUD, "a cloud provider comes first");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", "ANTHROPIC_AUTH_TOKEN=t");
    is_int(l.source, LOGIN_AUTH_TOKEN, "the auth token comes before the API key");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", NULL);
    is_int(l.source, LOGIN_API_KEY, "the API key comes before the OAuth token");
    is_str(l.detail, "ANTHROPIC_API_KEY",
           "the login is described by the variable's name, not its value");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=", NULL);
    is_int(l.source, LOGIN_OAUTH_TOKEN, "an empty variable does not count");
    (void)mkdir(in_tmp(".config"), 0700);
    (void)mkdir(in_tmp(".config/claude"), 0700);
    put_file(in_tmp(".config/claude/.credentials.json"), LOGIN);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, ".config/claude") != NULL,
       "the file in ~/.config/claude is found");
    (void)mkdir(in_tmp(".claude"), 0700);
    put_file(in_tmp(".claude/.credentials.json"), LOGIN);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, "/.claude/") != NULL && !l.broken,
       "the file in ~/.claude comes before it");
    ok(l.expires_at_ms == 1700000000000, "the time of expiry is read");
    (void)mkdir(in_tmp("other"), 0700);
    put_file(in_tmp("other/.credentials.json"), "[]");
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/other", tmpdir), NULL, NULL);
    ok(l.broken && l.why != NULL,
       "the file in CLAUDE_CONFIG_DIR comes first, even if it is broken: %s", l.why);
}

static void key_in_claudes_own_file_is_found_last(void)
{
    struct fact_login l;

    put_file(in_tmp(".claude.json"), "{\"primaryApiKey\":\"sk-secret\"}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_PRIMARY_KEY,
           "a key in ~/.claude.json is found");
    l = find(NULL, NULL, NULL);
    ok(strstr(l.detail, "primaryApiKey in ") == l.detail &&
           strstr(l.detail, "sk-secret") == NULL && l.path == NULL,
       "its description is without the key: %s", l.detail);
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", NULL, NULL);
    is_int(l.source, LOGIN_OAUTH_TOKEN, "any other login comes before it");
    (void)mkdir(in_tmp("config"), 0700);
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/config", tmpdir), NULL, NULL);
    is_int(l.source, LOGIN_NONE, "with CLAUDE_CONFIG_DIR, the file in the home is not read");
    put_file(in_tmp("config/.claude.json"), "{\"primaryApiKey\":\"k\"}");
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/config", tmpdir), NULL, NULL);
    is_int(l.source, LOGIN_PRIMARY_KEY, "but the file in that directory is");
    put_file(in_tmp(".claude.json"), "{\"primaryApiKey\":\"\"}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_NONE, "an empty key does not count");
    put_file(in_tmp(".claude.json"), "{\"primaryApiKey\":[\"k\"]}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_NONE, "a list does not count");
    put_file(in_tmp(".claude.json"), "{\"primaryApiKey\":\"k\"");
    is_int(find(NULL, NULL, NULL).source, LOGIN_NONE, "a broken file has no key");
    (void)unlink(in_tmp(".claude.json"));
}

static void helpers_are_found_in_settings(void)
{
    struct fact_login l;

    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":\"get-key --now\"}");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", NULL, NULL);
    ok(l.source == LOGIN_HELPER && strstr(l.detail, "/.claude/settings.json") != NULL,
       "a helper comes before the OAuth token");
    is_str(l.helper, "get-key --now", "the helper's command is read");
    l = find("CLAUDE_CODE_OAUTH_TOKEN=o", "ANTHROPIC_API_KEY=k", NULL);
    is_int(l.source, LOGIN_API_KEY, "the API key comes before the helper");
    l = find(arena_printf(&arena, "CLAUDE_CONFIG_DIR=%s/other", tmpdir),
             "CLAUDE_CODE_OAUTH_TOKEN=o", NULL);
    is_int(l.source, LOGIN_OAUTH_TOKEN, "the settings of another directory are not read");
    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":\"\"}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "an empty helper does not count");
    put_file(in_tmp(".claude/settings.json"), "{\"apiKeyHelper\":[\"x\"]}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "a helper that is a list does not count");
    put_file(in_tmp(".claude/settings.json"), "{");
    is_int(find(NULL, NULL, NULL).source, LOGIN_FILE, "broken settings have no helper");
    (void)unlink(in_tmp(".claude/settings.json"));
    ok(mkfifo(in_tmp(".claude/settings.json"), 0600) == 0 &&
           find(NULL, NULL, NULL).source == LOGIN_FILE,
       "settings that are a fifo have no helper");
    (void)unlink(in_tmp(".claude/settings.json"));
}

static void variables_are_found_in_settings(void)
{
    struct fact_login l;

    put_file(in_tmp(".claude/settings.json"),
             "{\"env\":{\"ANTHROPIC_AUTH_TOKEN\":\"sk-secret\"},\"apiKeyHelper\":\"get-key\"}");
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_AUTH_TOKEN && strcmp(l.variable, "ANTHROPIC_AUTH_TOKEN") == 0 &&
           strstr(l.settings, "/.claude/settings.json") != NULL,
       "a token in the settings comes before a helper");
    ok(strstr(l.detail, "ANTHROPIC_AUTH_TOKEN in /") == l.detail &&
           strstr(l.detail, "sk-secret") == NULL,
       "its description is without the token: %s", l.detail);
    l = find("CLAUDE_CODE_USE_VERTEX=1", NULL, NULL);
    ok(l.source == LOGIN_CLOUD && l.settings == NULL, "an earlier variable comes first");
    l = find("ANTHROPIC_API_KEY=k", NULL, NULL);
    is_int(l.source, LOGIN_AUTH_TOKEN, "a later variable of the environment does not");
    put_file(in_tmp(".claude/settings.json"),
             "{\"env\":{\"CLAUDE_CODE_OAUTH_TOKEN\":\"t\"},\"apiKeyHelper\":\"get-key\"}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_HELPER,
           "a helper comes before an OAuth token in the settings");
    put_file(in_tmp(".claude/settings.json"), "{\"env\":{\"CLAUDE_CODE_OAUTH_TOKEN\":\"t\"}}");
    is_int(find(NULL, NULL, NULL).source, LOGIN_OAUTH_TOKEN, "such a token is found");
    (void)unlink(in_tmp(".claude/settings.json"));
}

#define ENDED "{\"claudeAiOauth\":{\"accessToken\":\"\",\"refreshToken\":\"\",\"expiresAt\":0}}"

static void states_of_a_file_are_recognized(void)
{
    struct fact_login l = find(NULL, NULL, NULL);

    ok(l.can_refresh && strcmp(l.dir, in_tmp(".claude")) == 0 && l.program == NULL,
       "a login with a refresh token can be refreshed, and its directory is known");
    put_file(in_tmp(".claude/.credentials.json"),
             "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":\"\"}}");
    l = find(NULL, NULL, NULL);
    ok(!l.can_refresh && !l.broken && l.expires_at_ms == 0,
       "a login without a refresh token cannot be refreshed");
    put_file(in_tmp(".claude/.credentials.json"), ENDED);
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && l.broken && strstr(l.why, "ended by the server") != NULL &&
           l.next != NULL,
       "a login that the server has ended is broken: %s", l.why);
    put_file(in_tmp(".claude/.credentials.json"), "{\"mcpOAuth\":{}}");
    l = find(NULL, NULL, NULL);
    ok(l.source == LOGIN_FILE && strstr(l.path, ".config") != NULL,
       "a file with only logins of MCP servers is skipped");
    (void)unlink(in_tmp(".claude/.credentials.json"));
    (void)mkdir(in_tmp(".claude/.credentials.json"), 0700);
    l = find(NULL, NULL, NULL);
    ok(l.broken && strcmp(l.why, "not a regular file") == 0,
       "a directory instead of the file is a broken login: %s", l.why);
    (void)rmdir(in_tmp(".claude/.credentials.json"));
    put_file(in_tmp(".claude/.credentials.json"), LOGIN);
}

static void stored_logins_are_found(void)
{
    char none[] = "NONE=";
    char key[] = "ANTHROPIC_API_KEY=k";
    char *env[] = {key, NULL};
    char *keychain[] = {none, NULL, NULL, NULL};
    struct fact_login l;
    struct store s;
    struct err e = {0};

    ok(login_find_stored(env, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_FILE,
       "the stored login is found although a variable is set");
    login_store(&l, &s);
    ok(s.kind == STORE_FILE && strcmp(s.path, in_tmp(".claude/.credentials.json")) == 0 &&
           strcmp(s.dir, in_tmp(".claude")) == 0,
       "the store of a file has its path and directory");
    ok(login_find_stored(env, in_tmp("nobody"), &arena, &l, &e) == 0 &&
           l.source == LOGIN_NONE &&
           strcmp(l.path, in_tmp("nobody/.claude/.credentials.json")) == 0,
       "without a stored login, the place where claude would store it is known");
    put_file(in_tmp("security"),
             "#!/bin/sh\ncat \"$HOME/item\" 2>/dev/null || exit ${1:+44}\n");
    (void)chmod(in_tmp("security"), 0700);
    keychain[0] = arena_printf(&arena, "CCO_KEYCHAIN=%s", in_tmp("security"));
    keychain[1] = arena_printf(&arena, "HOME=%s", tmpdir);
    keychain[2] = arena_strdup(&arena, "PATH=/usr/bin:/bin");
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_FILE,
       "without a Keychain item the file is used");
    ok(login_find_stored(keychain, in_tmp("nobody"), &arena, &l, &e) == 0 &&
           l.source == LOGIN_NONE,
       "without item and file no login is found");
    login_store(&l, &s);
    is_int(s.kind, STORE_KEYCHAIN, "claude would store a login in the Keychain");
    put_file(in_tmp("item"), LOGIN);
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           !l.broken && l.can_refresh && l.expires_at_ms == 1700000000000 && l.path == NULL,
       "the Keychain item comes before the file: %s", l.detail);
    put_file(in_tmp("item"), ENDED);
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           l.broken,
       "the item comes first even if its login was ended: %s", l.why);
    put_file(in_tmp("security"), "#!/bin/sh\nexit 36\n");
    ok(login_find(keychain, tmpdir, &arena, &l, &e) == 0 && l.source == LOGIN_KEYCHAIN &&
           l.broken && strstr(l.next, "unlock-keychain") != NULL,
       "a login in a locked Keychain is broken, with a hint: %s. %s", l.why, l.next);
}

static void logins_are_checked(void)
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

    ok(login_check(str_c(LOGIN), &e) == 0, "a complete login is accepted %s", e.text);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(login_check(str_c(bad[i]), &e) < 0 && e.kind == ERR_FORMAT, "refused: %s: %s",
           bad[i], e.text);
    }
    ok(login_look(str_c("{\"claudeAiOauth\":{\"accessToken\":\"a\",\"expiresAt\":5,"
                        "\"subscriptionType\":\"max\"}}"),
                  &arena, &shape, &e) == 0 &&
           shape.expires_at_ms == 5 && !shape.can_refresh && !shape.ended,
       "the facts that may be shown are read");
    is_str(shape.subscription, "max", "the subscription is read");
}

static int strip(const char *text, bool with_refresh, struct buf *out, struct err *e)
{
    buf_reset(out);
    return login_strip(str_c(text), with_refresh, out, e);
}

static void copies_have_no_other_refresh_token(void)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, LIMIT_CREDENTIALS);
    is_int(strip(LOGIN, false, &b, &e), 0, "a copy without refresh tokens is made");
    ok(!str_contains(buf_str(&b), "refreshToken") && !str_contains(buf_str(&b), "rt"),
       "the copy has no refresh token at any depth");
    ok(str_contains(buf_str(&b), "\"accessToken\":\"at\"") && str_contains(buf_str(&b), "at2"),
       "everything else is copied");
    is_int(strip(LOGIN, true, &b, &e), 0, "a copy that can be refreshed is made");
    ok(str_contains(buf_str(&b), "\"refreshToken\":\"rt\"") &&
           !str_contains(buf_str(&b), "rt2") && login_check(buf_str(&b), &e) == 0,
       "the copy has the login's refresh token and no other");
    ok(strip("{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":7,\"expiresAt\":1},"
             "\"refreshToken\":\"x\"}",
             true, &b, &e) == 0 &&
           !str_contains(buf_str(&b), "refreshToken"),
       "a refresh token that is not a string is removed");
    ok(strip("{\"claudeAiOauth\":{\"accessToken\":", false, &b, &e) < 0 && b.len == 0,
       "broken JSON is refused: %s", e.text);
    ok(strstr(e.text, "accessToken") == NULL, "the error does not show the text");
    ok(strip("[]", false, &b, &e) < 0, "a text of another form is refused: %s", e.text);
    buf_wipe(&b);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    key_in_claudes_own_file_is_found_last();
    sources_have_a_fixed_order();
    helpers_are_found_in_settings();
    variables_are_found_in_settings();
    states_of_a_file_are_recognized();
    stored_logins_are_found();
    logins_are_checked();
    copies_have_no_other_refresh_token();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
