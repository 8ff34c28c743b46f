/* SPDX-License-Identifier: MIT */
#include "plan/passed.h"

#include "tap.h"

#include <string.h>

static struct arena arena;
static struct facts f;

static void passes(const char *name, enum login_source login, bool want, const char *what)
{
    f.login.source = login;
    ok((passed_why(&f, name) != NULL) == want, "%s: %s", name, what);
}

int main(void)
{
    static const char *const secrets[] = {"CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
                                          "ANTHROPIC_ADMIN_KEY",
                                          "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
                                          "CLAUDE_CODE_CLIENT_KEY",
                                          "CLAUDE_CODE_CLIENT_CERT",
                                          "CLAUDE_CODE_SESSION_ACCESS_TOKEN",
                                          "CLAUDE_CODE_HFI_BEARER_TOKEN",
                                          "ANTHROPIC_WEBHOOK_SIGNING_KEY",
                                          "ANTHROPIC_IDENTITY_TOKEN",
                                          "ANTHROPIC_ENVIRONMENT_KEY",
                                          "ANTHROPIC_A_NEW_SECRET",
                                          "CLAUDE_CODE_A_NEW_SECRET",
                                          "SECRET_OF_HOST",
                                          "LD_PRELOAD"};
    static const char *const clouds[] = {"AWS_SECRET_ACCESS_KEY", "ANTHROPIC_AWS_API_KEY",
                                         "ANTHROPIC_FOUNDRY_API_KEY", "AZURE_CLIENT_SECRET",
                                         "CLOUD_ML_REGION"};
    static const char *const always[] = {"ANTHROPIC_MODEL",
                                         "ANTHROPIC_DEFAULT_OPUS_MODEL_NAME",
                                         "ANTHROPIC_BASE_URL",
                                         "CLAUDE_CODE_EFFORT_LEVEL",
                                         "CLAUDE_CODE_DISABLE_MOUSE",
                                         "https_proxy",
                                         "GIT_COMMITTER_EMAIL",
                                         "TERM",
                                         "MCP_TIMEOUT"};

    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        passes(secrets[i], LOGIN_CLOUD, false, "a name that is not listed does not pass");
    }
    for (size_t i = 0; i < sizeof(clouds) / sizeof(clouds[0]); i++) {
        passes(clouds[i], LOGIN_API_KEY, false, "no cloud provider is used");
    }
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        passes(always[i], LOGIN_NONE, true, "a listed name passes");
        ok(strlen(passed_why(&f, always[i])) > 0, "%s has a reason", always[i]);
    }
    passes("GIT_CONFIG_VALUE_0", LOGIN_NONE, false, "a value without a key may be a password");
    strv_add(&f.env_names, &arena, "GIT_CONFIG_KEY_0");
    passes("GIT_CONFIG_KEY_0", LOGIN_NONE, true, "settings of git pass");
    passes("GIT_CONFIG_VALUE_0", LOGIN_NONE, true, "with their values");
    strv_add(&f.git_logins, &arena, "0");
    strv_add(&f.git_logins, &arena, "http.extraheader");
    passes("GIT_CONFIG_VALUE_0", LOGIN_NONE, false, "a password of git does not");
    f.uid = 1000;
    passes("SUDO_UID", LOGIN_NONE, false, "only root needs to know who has called sudo");
    f.uid = 0;
    passes("SUDO_UID", LOGIN_NONE, true,
           "root's git then trusts the repositories of that user");
    f.engine.kind = SANDBOX_LOCAL_CONTAINER;
    passes("LANG", LOGIN_NONE, false, "an image may lack the host's locale");
    passes("LC_TIME", LOGIN_NONE, false, "an image may lack the host's locale");
    f.engine.kind = SANDBOX_NATIVE;
    passes("LANG", LOGIN_NONE, true, "the programs of this machine have it");
    passes("LC_TIME", LOGIN_NONE, true, "the programs of this machine have it");
    passes("LC_SECRET", LOGIN_NONE, false, "it is not a category of a locale");
    passes("ANTHROPIC_MODEL_X", LOGIN_NONE, false, "a name without '*' is compared as a whole");
    passes("ANTHROPIC_API_KEY", LOGIN_API_KEY, true, "it is the login");
    passes("ANTHROPIC_API_KEY", LOGIN_AUTH_TOKEN, false, "another login is used");
    passes("ANTHROPIC_AUTH_TOKEN", LOGIN_AUTH_TOKEN, true, "it is the login");
    passes("ANTHROPIC_AUTH_TOKEN", LOGIN_CLOUD, false, "claude logs in to the cloud itself");
    passes("CLAUDE_CODE_OAUTH_TOKEN", LOGIN_OAUTH_TOKEN, true, "it is the login");
    passes("CLAUDE_CODE_OAUTH_TOKEN", LOGIN_HELPER, false, "another login is used");
    strv_add(&f.env_names, &arena, "CLAUDE_CODE_USE_BEDROCK");
    passes("AWS_SECRET_ACCESS_KEY", LOGIN_CLOUD, true, "Bedrock is used");
    passes("ANTHROPIC_FOUNDRY_API_KEY", LOGIN_CLOUD, false, "Foundry is not used");
    strv_add(&f.env_names, &arena, "CLAUDE_CODE_SKIP_BEDROCK_AUTH");
    passes("ANTHROPIC_AUTH_TOKEN", LOGIN_CLOUD, true, "the gateway logs in to the cloud");
    strv_add(&f.env_names, &arena, "CLAUDE_CODE_USE_VERTEX");
    strv_add(&f.env_names, &arena, "CLAUDE_CODE_USE_FOUNDRY");
    passes("CLOUD_ML_REGION", LOGIN_CLOUD, true, "Vertex is used");
    passes("AZURE_CLIENT_SECRET", LOGIN_CLOUD, true, "Foundry is used");
    ok(passed_is_claudes("ANTHROPIC_X") && passed_is_claudes("CLAUDE_CODE_X"),
       "claude's variables are known by their beginning");
    ok(!passed_is_claudes("CLAUDE_X") && !passed_is_claudes("MY_ANTHROPIC_X"),
       "others are not claude's");
    arena_release(&arena);
    return done_testing();
}
