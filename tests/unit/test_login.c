/* SPDX-License-Identifier: MIT */
#include "creds/login.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

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
    is_int(l.source, LOGIN_CLOUD, "a cloud beats all");
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

static void copies(void)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, LIMIT_CREDENTIALS);
    is_int(login_copy(in_tmp(".claude/.credentials.json"), &b, &e), 0, "a copy");
    ok(!str_contains(buf_str(&b), "refreshToken") && !str_contains(buf_str(&b), "rt"),
       "without any refresh token, at any depth");
    ok(str_contains(buf_str(&b), "\"accessToken\":\"at\"") && str_contains(buf_str(&b), "at2"),
       "all else is there");
    buf_reset(&b);
    put_file(in_tmp("broken"), "{\"claudeAiOauth\":{\"accessToken\":");
    ok(login_copy(in_tmp("broken"), &b, &e) < 0 && b.len == 0, "a broken file: %s", e.text);
    ok(strstr(e.text, "accessToken") == NULL, "whose text is not told");
    put_file(in_tmp("array"), "[]");
    ok(login_copy(in_tmp("array"), &b, &e) < 0, "another shape: %s", e.text);
    ok(login_copy(in_tmp("none"), &b, &e) < 0, "no file: %s", e.text);
    buf_release(&b);
}

int main(void)
{
    tmpdir_make();
    sources();
    copies();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
