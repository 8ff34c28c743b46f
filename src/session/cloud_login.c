/* SPDX-License-Identifier: MIT */
#include "session/cloud_login.h"

#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/aws_config.h"
#include "creds/user_settings.h"
#include "host/look.h"
#include "plan/untrusted.h"
#include "wire/json.h"

#include <string.h>

enum { CHAIN = 5, VALUE_MAX = LIMIT_PATH };

struct finder {
    char *const *env;
    struct arena *a;
    struct facts *f;
    const char *settings; /* the user's settings; NULL: the sandbox does not get them */
    struct buf config, credentials;
};

/* Returns whether the variable is set in the environment or the settings. */
static bool has(const struct finder *s, const char *name)
{
    return env_value(s->env, name) != NULL ||
           (s->settings != NULL && user_settings_sets(s->settings, &name, 1) == 0);
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
        {"sso_session", "logs in by SSO, whose tokens are not in the sandbox"},
        {"sso_start_url", "logs in by SSO, whose tokens are not in the sandbox"},
        {"login_session", "logs in by a browser, whose tokens are not in the sandbox"},
        {"credential_process", "logs in by a program (credential_process)"},
        {"web_identity_token_file", "logs in with a token file"},
    };

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (aws_value(s, profile, ways[i].key) != NULL) {
            return arena_printf(s->a, "the profile %s of AWS %s", profile, ways[i].what);
        }
    }
    return NULL;
}

/* Follows the profile to that with the keys. */
static void find_profiles(struct finder *s, const char *first)
{
    struct fact_cloud *c = &s->f->cloud;
    const char *profile = first;

    for (int i = 0; i < CHAIN && profile != NULL && is_profile(s, profile); i++) {
        const char *source = aws_value(s, profile, "source_profile");

        c->profiles =
            c->profiles == NULL ? profile : arena_printf(s->a, "%s\n%s", c->profiles, profile);
        if (aws_value(s, profile, "aws_access_key_id") != NULL &&
            (source == NULL || strcmp(source, profile) == 0)) {
            return;
        }
        c->why = why_not(s, profile);
        if (c->why != NULL) {
            c->next = arena_printf(s->a,
                                   "Export its keys before the start: eval \"$(aws configure "
                                   "export-credentials --profile %s --format env)\"",
                                   path_word(s->a, first));
            return;
        }
        profile = source;
    }
}

static void find_aws(struct finder *s)
{
    static const char *const enough[] = {"AWS_ACCESS_KEY_ID",
                                         "AWS_BEARER_TOKEN_BEDROCK",
                                         "ANTHROPIC_AWS_API_KEY",
                                         "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
                                         "CLAUDE_CODE_SKIP_MANTLE_AUTH",
                                         "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH"};
    struct fact_cloud *c = &s->f->cloud;
    const char *profile = value_of(s, "AWS_PROFILE");

    for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++) {
        if (has(s, enough[i])) {
            return;
        }
    }
    buf_init(&s->config, LIMIT_FILE_SMALL);
    buf_init(&s->credentials, LIMIT_FILE_SMALL);
    c->aws_config = read_file(s, file_of(s, "AWS_CONFIG_FILE", ".aws/config"), &s->config);
    c->aws_credentials = read_file(
        s, file_of(s, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"), &s->credentials);
    find_profiles(s, profile != NULL ? profile : "default");
    buf_wipe(&s->credentials);
    buf_wipe(&s->config);
}

static void find_google(struct finder *s)
{
    static const char usual[] = ".config/gcloud/application_default_credentials.json";
    struct fact_cloud *c = &s->f->cloud;
    const char *path = file_of(s, "GOOGLE_APPLICATION_CREDENTIALS", usual);
    struct err ignored = {0};
    struct json root = {0};
    struct buf text;

    if (has(s, "CLAUDE_CODE_SKIP_VERTEX_AUTH")) {
        return;
    }
    buf_init(&text, LIMIT_CREDENTIALS);
    c->google = read_file(s, path, &text);
    /* The variable itself passes only if the settings have it. */
    c->google_at =
        s->settings != NULL && env_value(s->env, "GOOGLE_APPLICATION_CREDENTIALS") == NULL
            ? path
            : path_join(s->a, s->f->home, usual);
    if (json_parse(buf_str(&text), &root, &ignored) == 0 &&
        json_is(json_get(root, "type"), "external_account")) {
        c->why = arena_printf(s->a, "%s logs in with further files or programs", path);
        c->next = arena_printf(s->a, "Share what it names: --ro PATH, --ro %s",
                               path_word(s->a, path));
    }
    buf_wipe(&text);
}

static void find_azure(struct finder *s)
{
    struct fact_cloud *c = &s->f->cloud;

    if (!has(s, "ANTHROPIC_FOUNDRY_API_KEY") && !has(s, "AZURE_CLIENT_ID") &&
        !has(s, "CLAUDE_CODE_SKIP_FOUNDRY_AUTH") &&
        file_is_dir(path_join(s->a, s->f->home, ".azure"))) {
        c->why = "the login of Azure's command line is not in the sandbox";
        c->next = "Set ANTHROPIC_FOUNDRY_API_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID and "
                  "AZURE_CLIENT_SECRET";
    }
}

void cloud_login_find(char *const *env, struct arena *a, struct facts *f)
{
    const char *settings = path_join(a, f->claude_dir, "settings.json");
    struct finder s = {.env = env,
                       .a = a,
                       .f = f,
                       .settings = untrusted_find(f, settings) == NULL ? settings : NULL};

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
