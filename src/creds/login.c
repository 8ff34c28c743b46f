/* SPDX-License-Identifier: MIT */
#include "creds/login.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "wire/json.h"
#include "wire/jsonedit.h"

#include <string.h>

static const struct {
    const char *name;
    enum login_source source;
} variables[] = {
    {"CLAUDE_CODE_USE_BEDROCK", LOGIN_CLOUD}, {"CLAUDE_CODE_USE_VERTEX", LOGIN_CLOUD},
    {"CLAUDE_CODE_USE_FOUNDRY", LOGIN_CLOUD}, {"ANTHROPIC_AUTH_TOKEN", LOGIN_AUTH_TOKEN},
    {"ANTHROPIC_API_KEY", LOGIN_API_KEY},     {"CLAUDE_CODE_OAUTH_TOKEN", LOGIN_OAUTH_TOKEN},
};

static const char *value_of(char *const *env, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; env[i] != NULL; i++) {
        if (strncmp(env[i], name, len) == 0 && env[i][len] == '=' && env[i][len + 1] != '\0') {
            return env[i] + len + 1;
        }
    }
    return NULL;
}

/* Reads and checks: a text that is JSON and holds what claude stores. The reason goes to *e. */
static int read_login(const char *path, struct buf *text, struct json *login, struct err *e)
{
    struct json root;

    if (file_read(path, text, e) < 0) {
        return -1;
    }
    if (json_parse(buf_str(text), &root, e) < 0) {
        return err_wrap(e, "no valid JSON");
    }
    *login = json_get(root, "claudeAiOauth");
    if (root.type != JSON_OBJECT || (login->type != JSON_OBJECT && login->type != JSON_NONE)) {
        return err_set(e, ERR_FORMAT, "no credentials of claude's are in it");
    }
    if (login->type == JSON_NONE) {
        return err_set(e, ERR_NOT_FOUND, "no login is in it");
    }
    if (json_get(*login, "accessToken").type != JSON_STRING) {
        return err_set(e, ERR_FORMAT, "the login in it has no access token");
    }
    return 0;
}

/* True where this file decides, for good or bad. */
static bool try_file(const char *path, struct arena *a, struct fact_login *out)
{
    struct err e = {0};
    struct buf text;
    struct json login = {0};
    bool decided = true;

    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, LIMIT_CREDENTIALS / 64);
    if (read_login(path, &text, &login, &e) == 0) {
        int64_t expires = 0;

        *out = (struct fact_login){.source = LOGIN_FILE, .path = path, .detail = path};
        if (json_i64(json_get(login, "expiresAt"), &expires)) {
            out->expires_at_ms = expires;
        }
    } else if (e.kind == ERR_NOT_FOUND) {
        decided = false; /* not there, or a file that holds other logins only */
    } else {
        *out = (struct fact_login){.source = LOGIN_FILE,
                                   .path = path,
                                   .detail = path,
                                   .broken = true,
                                   .why = arena_strdup(a, e.text)};
    }
    buf_wipe(&text);
    return decided;
}

int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e)
{
    const char *dir = value_of(env, "CLAUDE_CONFIG_DIR");
    const char *config = value_of(env, "XDG_CONFIG_HOME");

    (void)e; /* everything that can be wrong is a fact about the login */
    *out = (struct fact_login){.source = LOGIN_NONE};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (value_of(env, variables[i].name) != NULL) {
            *out =
                (struct fact_login){.source = variables[i].source, .detail = variables[i].name};
            return 0;
        }
    }
    if (dir != NULL && dir[0] == '/' &&
        try_file(path_join(a, dir, ".credentials.json"), a, out)) {
        return 0;
    }
    if (try_file(path_join(a, home, ".claude/.credentials.json"), a, out)) {
        return 0;
    }
    if (config == NULL || config[0] != '/') {
        config = path_join(a, home, ".config");
    }
    (void)try_file(path_join(a, config, "claude/.credentials.json"), a, out);
    return 0;
}

int login_copy(const char *path, struct buf *out, struct err *e)
{
    struct buf text;
    struct json login = {0};
    int rc = -1;

    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, LIMIT_CREDENTIALS / 64);
    if (read_login(path, &text, &login, e) == 0) {
        rc = json_drop_key(buf_str(&text), "refreshToken", out, e);
    }
    buf_wipe(&text);
    return rc < 0 ? err_wrap(e, "%s", path) : 0;
}
