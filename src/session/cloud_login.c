/* SPDX-License-Identifier: MIT */
#include "session/cloud_login.h"

#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/aws_config.h"
#include "creds/sso_token.h"
#include "creds/user_settings.h"
#include "host/look.h"
#include "plan/untrusted.h"
#include "wire/json.h"

#include <string.h>

enum { CHAIN = 5, VALUE_MAX = LIMIT_PATH };

struct finder {
    char *const *env;
    const struct strv *given; /* of --env: "K=V" or "K" */
    struct arena *a;
    struct facts *f;
    const char *settings; /* the user's settings; NULL: the sandbox does not get them */
    struct buf config, credentials;
};

/* Returns whether a variable that does not pass by itself is set inside. */
static bool is_given(const struct finder *s, const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; i < s->given->count; i++) {
        const char *v = s->given->v[i];

        if (strncmp(v, name, len) == 0 && (v[len] == '\0' || v[len] == '=')) {
            return true;
        }
    }
    for (size_t i = 0; i < s->f->dotenv_count; i++) {
        if (strcmp(s->f->dotenv[i].key, name) == 0) {
            return true;
        }
    }
    return s->settings != NULL && user_settings_sets(s->settings, &name, 1) == 0;
}

/* Returns whether a variable that passes is set inside. */
static bool has(const struct finder *s, const char *name)
{
    const char *value = env_value(s->env, name);

    return (value != NULL && value[0] != '\0') || is_given(s, name);
}

/* Notes that claude cannot log in inside. `why` is replaced if an agent could have written the
 * file. */
static void set_none(struct finder *s, const struct fact_path *file, const char *why,
                     const char *next)
{
    const char *untrusted = untrusted_why(s->f, file->path);

    s->f->cloud.why = untrusted != NULL
                          ? arena_printf(s->a, "%s is not used: %s", file->path, untrusted)
                          : why;
    s->f->cloud.next = next;
}

/* Returns the value of a variable that is not secret, and NULL if it is not set. The settings
 * override the environment. */
static const char *value_of(const struct finder *s, const char *name)
{
    const char *value = env_value(s->env, name);
    struct buf own;

    buf_init(&own, VALUE_MAX);
    if (s->settings != NULL && user_settings_value(s->settings, name, &own)) {
        value = arena_str(s->a, buf_str(&own));
    }
    buf_release(&own);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Looks up a file of the home and adds its text to `text`, if it may be used. */
static struct fact_path read_file(const struct finder *s, const char *path, struct buf *text)
{
    const struct fact_path p = look_readable(s->a, s->f, path);

    (void)look_read(s->f, &p, text);
    return p;
}

static const char *file_of(const struct finder *s, const char *variable, const char *usual)
{
    const char *named = value_of(s, variable);

    return named != NULL && named[0] == '/' ? path_clean(s->a, named)
                                            : path_join(s->a, s->f->home, usual);
}

static const char *aws_value(const struct finder *s, const char *profile, const char *key)
{
    const char *value = aws_config_value(buf_str(&s->credentials), profile, key, s->a);

    return value != NULL ? value : aws_config_value(buf_str(&s->config), profile, key, s->a);
}

static bool is_profile(const struct finder *s, const char *profile)
{
    return aws_config_has(buf_str(&s->credentials), profile) ||
           aws_config_has(buf_str(&s->config), profile);
}

/* Returns why a profile cannot log in with a copy of its sections. NULL: it can, as far as they
 * say. */
static const char *why_not(const struct finder *s, const char *profile)
{
    static const struct {
        const char *key, *what;
    } ways[] = {
        {"login_session", "logs in by a browser, whose tokens are not in the sandbox"},
        {"credential_process", "logs in by a program (credential_process)"},
        {"web_identity_token_file", "logs in with a token file outside of the home"},
    };

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (aws_value(s, profile, ways[i].key) != NULL) {
            return arena_printf(s->a, "the profile %s of AWS %s", profile, ways[i].what);
        }
    }
    return NULL;
}

/* Finds the token if the profile logs in by SSO. Returns false if it does not. */
static bool find_sso(struct finder *s, const char *profile)
{
    struct fact_cloud *c = &s->f->cloud;
    const char *session = aws_value(s, profile, "sso_session");
    const char *url = aws_value(s, profile, "sso_start_url");
    struct buf text;

    if (session == NULL && url == NULL) {
        return false;
    }
    if (session != NULL) {
        c->profiles = arena_printf(s->a, "%s\nsso-session %s", c->profiles, session);
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    c->token_is_sso = true;
    c->aws_token =
        read_file(s,
                  arena_printf(s->a, "%s/.aws/sso/cache/%s", s->f->home,
                               sso_token_file(session != NULL ? session : url, s->a)),
                  &text);
    if (!sso_token_is_valid(buf_str(&text), s->f->now_ms)) {
        set_none(s, &c->aws_token,
                 arena_printf(s->a, "the profile %s of AWS has no valid token of SSO", profile),
                 arena_printf(s->a, "Run aws sso login --profile %s on this machine",
                              path_word(s->a, profile)));
    }
    buf_wipe(&text);
    return true;
}

/* Finds the file of the home with the token if the profile has a web identity. Returns false if
 * it does not. */
static bool find_web_identity(struct finder *s, const char *profile)
{
    struct fact_cloud *c = &s->f->cloud;
    const char *path = aws_value(s, profile, "web_identity_token_file");

    if (path == NULL || path[0] != '/' || !path_is_inside(path_clean(s->a, path), s->f->home)) {
        return false;
    }
    c->aws_token = look_readable(s->a, s->f, path_clean(s->a, path));
    if (c->aws_token.type != FACT_FILE || untrusted_why(s->f, c->aws_token.path) != NULL) {
        set_none(
            s, &c->aws_token,
            arena_printf(s->a, "the token file %s of AWS cannot be read", c->aws_token.path),
            "Renew it on this machine");
    }
    return true;
}

static bool has_keys(const struct finder *s, const char *profile)
{
    return aws_value(s, profile, "aws_access_key_id") != NULL &&
           aws_value(s, profile, "aws_secret_access_key") != NULL;
}

/* Follows the profile to that with the keys. Returns false if no keys and no reason for that
 * are found. */
static bool find_profiles(struct finder *s, const char *first)
{
    struct fact_cloud *c = &s->f->cloud;
    const char *profile = first;

    for (int i = 0; i < CHAIN && profile != NULL && is_profile(s, profile); i++) {
        const char *source = aws_value(s, profile, "source_profile");

        c->profiles =
            c->profiles == NULL ? profile : arena_printf(s->a, "%s\n%s", c->profiles, profile);
        if (has_keys(s, profile) && (source == NULL || strcmp(source, profile) == 0)) {
            return true;
        }
        if (find_sso(s, profile) || find_web_identity(s, profile)) {
            return true;
        }
        c->why = why_not(s, profile);
        if (c->why != NULL) {
            c->next = arena_printf(s->a,
                                   "Export its keys before the start: eval \"$(aws configure "
                                   "export-credentials --profile %s --format env)\"",
                                   path_word(s->a, first));
            return true;
        }
        profile = source;
    }
    return false;
}

/* Decides if neither variables nor profiles are a login. `named` is the user's profile, or
 * NULL. */
static void without_keys(struct finder *s, const char *named)
{
    static const char *const of_container[] = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                               "AWS_CONTAINER_CREDENTIALS_FULL_URI"};
    struct fact_cloud *c = &s->f->cloud;
    const bool exists = named != NULL && is_profile(s, named);
    const char *why = named == NULL ? "there is no login of AWS"
                      : exists ? arena_printf(s->a, "the profile %s of AWS has no keys", named)
                               : arena_printf(s->a, "there is no profile %s of AWS", named);

    for (size_t i = 0; i < sizeof(of_container) / sizeof(of_container[0]); i++) {
        if (is_given(s, of_container[i])) {
            return;
        }
        if (env_value(s->env, of_container[i]) != NULL) {
            c->why = "the login of AWS's container service does not pass";
            c->next = arena_printf(s->a, "Pass it: --env %s", of_container[i]);
            return;
        }
    }
    c->by_machine = s->f->cloud_machine == MACHINE_AWS && (named == NULL || exists);
    if (!c->by_machine) {
        set_none(s,
                 untrusted_why(s->f, c->aws_config.path) != NULL ? &c->aws_config
                                                                 : &c->aws_credentials,
                 why,
                 "Set AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile with keys");
    }
}

/* Returns whether the variables are a login at the service of AWS that claude uses. */
static bool has_aws_variables(const struct finder *s)
{
    /* A variable, and the service for which it is enough; NULL: each. */
    static const char *const enough[][2] = {
        {"AWS_BEARER_TOKEN_BEDROCK", NULL},
        {"ANTHROPIC_BEDROCK_MANTLE_API_KEY", "CLAUDE_CODE_USE_MANTLE"},
        {"ANTHROPIC_AWS_API_KEY", "CLAUDE_CODE_USE_ANTHROPIC_AWS"},
        {"CLAUDE_CODE_SKIP_BEDROCK_AUTH", "CLAUDE_CODE_USE_BEDROCK"},
        {"CLAUDE_CODE_SKIP_MANTLE_AUTH", "CLAUDE_CODE_USE_MANTLE"},
        {"CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", "CLAUDE_CODE_USE_ANTHROPIC_AWS"},
    };

    for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++) {
        if ((enough[i][1] == NULL || strcmp(enough[i][1], s->f->login.variable) == 0) &&
            has(s, enough[i][0])) {
            return true;
        }
    }
    return has(s, "AWS_ACCESS_KEY_ID") && has(s, "AWS_SECRET_ACCESS_KEY");
}

static void find_aws(struct finder *s)
{
    struct fact_cloud *c = &s->f->cloud;
    const char *named = value_of(s, "AWS_PROFILE");

    /* The command runs inside. */
    if (has_aws_variables(s) ||
        (s->settings != NULL &&
         user_settings_command(s->settings, "awsCredentialExport", s->a) != NULL)) {
        return;
    }
    buf_init(&s->config, LIMIT_FILE_SMALL);
    buf_init(&s->credentials, LIMIT_FILE_SMALL);
    c->aws_config = read_file(s, file_of(s, "AWS_CONFIG_FILE", ".aws/config"), &s->config);
    c->aws_credentials = read_file(
        s, file_of(s, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"), &s->credentials);
    if (!find_profiles(s, named != NULL ? named : "default")) {
        without_keys(s, named);
    }
    buf_wipe(&s->credentials);
    buf_wipe(&s->config);
}

/* Decides about the text of a file with credentials of Google Cloud. */
static void judge_google(struct finder *s, struct str text)
{
    struct fact_cloud *c = &s->f->cloud;
    struct err ignored = {0};
    struct json root = {0};
    struct json type = {0};

    if (json_parse(text, &root, &ignored) == 0) {
        type = json_get(root, "type");
    }
    if (json_is(type, "external_account")) {
        c->why =
            arena_printf(s->a, "%s logs in with further files or programs", c->google.path);
        c->next = arena_printf(s->a, "Share what it names: --ro PATH, --ro %s",
                               path_word(s->a, c->google.path));
    } else if (type.type != JSON_STRING) {
        c->by_machine = c->google.type != FACT_FILE && s->f->cloud_machine == MACHINE_GOOGLE;
        if (!c->by_machine) {
            set_none(
                s, &c->google,
                c->google.type != FACT_FILE
                    ? "there is no login of Google Cloud"
                    : arena_printf(s->a, "%s is not a login of Google Cloud", c->google.path),
                "Run gcloud auth application-default login on this machine, or set "
                "GOOGLE_APPLICATION_CREDENTIALS");
        }
    }
}

static void find_google(struct finder *s)
{
    static const char usual[] = ".config/gcloud/application_default_credentials.json";
    static const char variable[] = "GOOGLE_APPLICATION_CREDENTIALS";
    struct fact_cloud *c = &s->f->cloud;
    const char *path = file_of(s, variable, usual);
    struct buf text;

    if (has(s, "CLAUDE_CODE_SKIP_VERTEX_AUTH") ||
        (is_given(s, variable) && value_of(s, variable) == NULL)) {
        return;
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    c->google = read_file(s, path, &text);
    /* The variable itself passes only if the settings have it. */
    c->google_at = s->settings != NULL && env_value(s->env, variable) == NULL
                       ? path
                       : path_join(s->a, s->f->home, usual);
    judge_google(s, buf_str(&text));
    buf_wipe(&text);
}

static void find_azure(struct finder *s)
{
    struct fact_cloud *c = &s->f->cloud;

    if (!has(s, "ANTHROPIC_FOUNDRY_API_KEY") && !has(s, "CLAUDE_CODE_SKIP_FOUNDRY_AUTH") &&
        !(has(s, "AZURE_TENANT_ID") && has(s, "AZURE_CLIENT_ID") &&
          has(s, "AZURE_CLIENT_SECRET"))) {
        c->why = file_is_dir(path_join(s->a, s->f->home, ".azure"))
                     ? "the login of Azure's command line is not in the sandbox"
                     : "there is no login of Azure";
        c->next = "Set ANTHROPIC_FOUNDRY_API_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID and "
                  "AZURE_CLIENT_SECRET";
    }
}

void cloud_login_find(char *const *env, const struct strv *given, struct arena *a,
                      struct facts *f)
{
    const char *settings = path_join(a, f->claude_dir, "settings.json");
    struct finder s = {.env = env,
                       .given = given,
                       .a = a,
                       .f = f,
                       .settings = untrusted_why(f, settings) == NULL ? settings : NULL};

    if (f->login.source != LOGIN_CLOUD || f->login.broken) {
        return;
    }
    if (strcmp(f->login.variable, "CLAUDE_CODE_USE_VERTEX") == 0) {
        find_google(&s);
    } else if (strcmp(f->login.variable, "CLAUDE_CODE_USE_FOUNDRY") == 0) {
        find_azure(&s);
    } else {
        find_aws(&s);
    }
}
