/* SPDX-License-Identifier: MIT */
#include "creds/login.h"

#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/keychain.h"
#include "creds/store.h"
#include "creds/user_settings.h"
#include "wire/json.h"
#include "wire/json_edit.h"

#include <string.h>

#ifdef __APPLE__
#define MANAGED_SETTINGS "/Library/Application Support/ClaudeCode/managed-settings.json"
#else
#define MANAGED_SETTINGS "/etc/claude-code/managed-settings.json"
#endif

static const char refresh_key[] = "refreshToken";

enum { USUAL_SIZE = LIMIT_CREDENTIALS / 64 };

/* The variables that are a login. The first of them that is set decides. */
static const char *const variables[] = {
    "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX",        "CLAUDE_CODE_USE_FOUNDRY",
    "CLAUDE_CODE_USE_MANTLE",  "CLAUDE_CODE_USE_ANTHROPIC_AWS", "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_API_KEY",
};
static const char *const oauth_token[] = {"CLAUDE_CODE_OAUTH_TOKEN"};
enum { VARIABLES = sizeof(variables) / sizeof(variables[0]) };

/* Returns claude's directory. */
static const char *claude_dir(char *const *env, const char *home, struct arena *a)
{
    const char *dir = env_value(env, "CLAUDE_CONFIG_DIR");

    return dir != NULL && dir[0] == '/' ? path_clean(a, dir) : path_join(a, home, ".claude");
}

/* Checks that the text has the form of claude's credentials, and sets *login to the login in
 * it. */
static int parse(struct str text, struct json *login, struct err *e)
{
    struct json root;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "not valid JSON");
    }
    *login = json_get(root, "claudeAiOauth");
    if (root.type != JSON_OBJECT || (login->type != JSON_OBJECT && login->type != JSON_NONE)) {
        return err_set(e, ERR_FORMAT, "it contains no credentials of claude's");
    }
    if (login->type == JSON_NONE) {
        return err_set(e, ERR_NOT_FOUND, "it contains no login");
    }
    if (json_get(*login, "accessToken").type != JSON_STRING) {
        return err_set(e, ERR_FORMAT, "the login in it has no access token");
    }
    return 0;
}

int login_look(struct str text, struct arena *a, struct login_shape *out, struct err *e)
{
    struct json login = {0};
    struct json refresh;
    int64_t expires = 0;

    *out = (struct login_shape){0};
    if (parse(text, &login, e) < 0) {
        return -1;
    }
    refresh = json_get(login, refresh_key);
    out->can_refresh = refresh.type == JSON_STRING && !json_is(refresh, "");
    out->ended = json_is(json_get(login, "accessToken"), "") && !out->can_refresh;
    out->subscription = json_string_dup(json_get(login, "subscriptionType"), a);
    if (json_i64(json_get(login, "expiresAt"), &expires)) {
        out->expires_at_ms = expires;
    }
    return 0;
}

int login_check(struct str text, struct err *e)
{
    struct json login = {0};

    if (parse(text, &login, e) < 0) {
        e->kind = ERR_FORMAT;
        return -1;
    }
    if (json_get(login, "expiresAt").type != JSON_NUMBER) {
        return err_set(e, ERR_FORMAT, "the login in it has no time of expiry");
    }
    return 0;
}

/* Describes the login in `text` in *l. Sets *e if the text is not a login. */
static void found(struct str text, struct arena *a, struct fact_login *l, struct err *e)
{
    struct login_shape shape;

    if (login_look(text, a, &shape, e) < 0) {
        return;
    }
    l->expires_at_ms = shape.expires_at_ms;
    l->can_refresh = shape.can_refresh;
    if (shape.ended) {
        l->broken = true;
        l->why = "it was ended by the server; log in again";
        l->next = "Run claude on this machine and log in.";
    }
}

/* Decides after an attempt to read the login *l, of which *e is the result. Returns false if it
 * does not exist, so that the next place is tried. Returns true otherwise, also for a login
 * that cannot be used. */
static bool decide(struct fact_login *l, const struct err *e, struct arena *a)
{
    const char *why = e->text;
    size_t len = strlen(l->detail);

    if (e->kind == ERR_NOT_FOUND) {
        return false; /* it does not exist, or contains only logins of MCP servers */
    }
    if (e->kind != ERR_NONE) {
        if (strncmp(why, l->detail, len) == 0 && why[len] == ':' && why[len + 1] == ' ') {
            why += len + 2; /* messages put l->detail in front themselves */
        }
        l->broken = true;
        l->why = arena_strdup(a, why);
        l->next = e->hint[0] != '\0' ? arena_strdup(a, e->hint) : NULL;
    }
    return true;
}

static bool try_file(const char *dir, struct arena *a, struct fact_login *out)
{
    const char *path = path_join(a, dir, ".credentials.json");
    struct fact_login l = {.source = LOGIN_FILE, .path = path, .detail = path, .dir = dir};
    struct err e = {0};
    struct buf text;
    bool decided;

    buf_init(&text, LIMIT_CREDENTIALS);
    (void)buf_reserve(&text, USUAL_SIZE);
    if (file_read(path, &text, &e) == 0) {
        found(buf_str(&text), a, &l, &e);
    }
    buf_wipe(&text);
    decided = decide(&l, &e, a);
    if (decided) {
        *out = l;
    }
    return decided;
}

static bool try_keychain(const struct fact_login *where, struct arena *a,
                         struct fact_login *out)
{
    const struct keychain k = {.program = where->program,
                               .service = where->service,
                               .account = where->account,
                               .env = where->env};
    struct fact_login l = *where;
    struct err e = {0};
    struct buf text;
    bool decided;

    l.source = LOGIN_KEYCHAIN;
    l.detail = arena_printf(a, "the Keychain item %s", l.service);
    buf_init(&text, LIMIT_CREDENTIALS);
    if (keychain_read(&k, &text, &e) == 0) {
        found(buf_str(&text), a, &l, &e);
    }
    buf_wipe(&text);
    decided = decide(&l, &e, a);
    if (decided) {
        *out = l;
    }
    return decided;
}

/* Finds the login that claude itself stores. *out is LOGIN_NONE, and is unchanged if there is
 * no login. */
static void find_stored(char *const *env, const char *home, struct arena *a,
                        struct fact_login *out)
{
    const char *dir = claude_dir(env, home, a);
    const char *usual = path_join(a, home, ".claude");
    const char *config = env_value(env, "XDG_CONFIG_HOME");
    const struct keychain k = keychain_find(env, a);
    const struct fact_login where = {.dir = dir,
                                     .program = k.program,
                                     .service = k.service,
                                     .account = k.account,
                                     .env = k.env};

    if (k.program != NULL && try_keychain(&where, a, out)) {
        return;
    }
    if (config == NULL || config[0] != '/') {
        config = path_join(a, home, ".config");
    }
    if (try_file(dir, a, out) || (strcmp(dir, usual) != 0 && try_file(usual, a, out))) {
        return;
    }
    (void)try_file(path_join(a, config, "claude"), a, out);
}

static bool find_helper(char *const *env, const char *home, struct arena *a,
                        struct fact_login *out)
{
    const char *const files[] = {MANAGED_SETTINGS,
                                 path_join(a, claude_dir(env, home, a), "settings.json")};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const char *helper = user_settings_command(files[i], "apiKeyHelper", a);

        if (helper != NULL) {
            *out =
                (struct fact_login){.source = LOGIN_HELPER,
                                    .detail = arena_printf(a, "apiKeyHelper in %s", files[i]),
                                    .helper = helper,
                                    .settings = files[i]};
            return true;
        }
    }
    return false;
}

/* Looks for the key that claude keeps in its own file after a login at the console. If the file
 * is missing or broken, there is none. */
static void find_primary_key(char *const *env, const char *home, struct arena *a,
                             struct fact_login *out)
{
    const char *config = env_value(env, "CLAUDE_CONFIG_DIR");
    const char *path =
        path_join(a, config != NULL && config[0] == '/' ? claude_dir(env, home, a) : home,
                  ".claude.json");
    struct err ignored = {0};
    struct json root;
    struct json key;
    struct buf text;

    buf_init(&text, LIMIT_CLAUDE_JSON);
    if (file_read(path, &text, &ignored) == 0 &&
        json_parse(buf_str(&text), &root, &ignored) == 0) {
        key = json_get(root, "primaryApiKey");
        if (key.type == JSON_STRING && !json_is(key, "")) {
            *out = (struct fact_login){.source = LOGIN_PRIMARY_KEY,
                                       .detail = arena_printf(a, "primaryApiKey in %s", path)};
        }
    }
    buf_wipe(&text);
}

static enum login_source source_of(const char *variable)
{
    return strcmp(variable, "ANTHROPIC_AUTH_TOKEN") == 0      ? LOGIN_AUTH_TOKEN
           : strcmp(variable, "ANTHROPIC_API_KEY") == 0       ? LOGIN_API_KEY
           : strcmp(variable, "CLAUDE_CODE_OAUTH_TOKEN") == 0 ? LOGIN_OAUTH_TOKEN
                                                              : LOGIN_CLOUD;
}

/* Finds the first of the variables that is set in the environment or in the user's settings. */
static bool find_variable(char *const *env, const char *home, const char *const *names,
                          size_t count, struct arena *a, struct fact_login *out)
{
    const char *settings = path_join(a, claude_dir(env, home, a), "settings.json");
    const size_t in_settings = user_settings_sets(settings, names, count);
    size_t i = 0;

    while (i < in_settings && env_value(env, names[i]) == NULL) {
        i++;
    }
    if (i == count) {
        return false;
    }
    *out = (struct fact_login){
        .source = source_of(names[i]), .variable = names[i], .detail = names[i]};
    if (i == in_settings) {
        out->detail = arena_printf(a, "%s in %s", names[i], settings);
        out->settings = settings;
    }
    return true;
}

int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e)
{
    (void)e; /* everything that is wrong with a login is recorded in *out */
    *out = (struct fact_login){.source = LOGIN_NONE};
    if (find_variable(env, home, variables, VARIABLES, a, out) ||
        find_helper(env, home, a, out) || find_variable(env, home, oauth_token, 1, a, out)) {
        return 0;
    }
    find_stored(env, home, a, out);
    if (out->source == LOGIN_NONE) {
        find_primary_key(env, home, a, out);
    }
    return 0;
}

int login_find_stored(char *const *env, const char *home, struct arena *a,
                      struct fact_login *out, struct err *e)
{
    (void)e; /* as in login_find() */
    *out = (struct fact_login){.source = LOGIN_NONE};
    find_stored(env, home, a, out);
    if (out->source == LOGIN_NONE) {
        const struct keychain k = keychain_find(env, a);

        out->dir = claude_dir(env, home, a);
        out->path = path_join(a, out->dir, ".credentials.json");
        out->program = k.program;
        out->service = k.service;
        out->account = k.account;
        out->env = k.env;
    }
    return 0;
}

void login_store(const struct fact_login *l, struct store *s)
{
    *s = (struct store){
        .kind = l->program != NULL ? STORE_KEYCHAIN : STORE_FILE,
        .dir = l->dir,
        .path = l->path,
        .program = l->program,
        .service = l->service,
        .account = l->account,
        .env = l->env,
    };
}

/* Copies the text without any refresh token, and then adds the login's own one again. */
static int copy_with_refresh(struct str text, struct json token, struct buf *out, struct err *e)
{
    static const char *const path[] = {"claudeAiOauth"};
    const struct json_place place = {.path = path, .depth = 1, .key = refresh_key};
    struct buf stripped;
    int rc;

    buf_init(&stripped, LIMIT_CREDENTIALS);
    (void)buf_reserve(&stripped, text.len);
    rc = json_drop_key(text, refresh_key, &stripped, e);
    if (rc == 0) {
        rc = json_set_member(buf_str(&stripped), place, token.raw, out, e);
    }
    buf_wipe(&stripped);
    return rc;
}

int login_strip(struct str text, bool with_refresh, struct buf *out, struct err *e)
{
    struct json login = {0};
    struct json token;
    size_t room = text.len + sizeof(refresh_key) + 4;

    if (parse(text, &login, e) < 0) {
        return -1;
    }
    /* Growing would leave copies of the secrets in memory. */
    (void)buf_reserve(out, room < buf_room(out) ? room : buf_room(out));
    token = json_get(login, refresh_key);
    return with_refresh && token.type == JSON_STRING ? copy_with_refresh(text, token, out, e)
                                                     : json_drop_key(text, refresh_key, out, e);
}
