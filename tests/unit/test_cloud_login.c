/* SPDX-License-Identifier: MIT */
#include "session/cloud_login.h"

#include "creds/sso_token.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>

static struct arena a;
static struct facts f;
static struct ledger trees;
static struct strv options; /* --env */

static void find(const char *use, const char *one, const char *two)
{
    const char *const given[] = {one, two};
    char *env[3] = {NULL};
    size_t n = 0;

    for (size_t i = 0; i < 2; i++) {
        if (given[i] != NULL) {
            env[n++] = arena_strdup(&a, given[i]);
        }
    }
    f.cloud = (struct fact_cloud){0};
    f.login = (struct fact_login){.source = LOGIN_CLOUD, .variable = use};
    cloud_login_find(env, &options, &a, &f);
}

static void aws(const char *one, const char *two)
{
    find("CLAUDE_CODE_USE_BEDROCK", one, two);
}

static void profiles_are_followed(void)
{
    put_file(in_tmp(".aws/config"), "[profile work]\nsource_profile = base\nrole_arn = r\n"
                                    "[profile sso]\nsso_session = corp\n"
                                    "[profile program]\ncredential_process = x\n"
                                    "[profile loop]\nsource_profile = loop\n");
    put_file(in_tmp(".aws/credentials"),
             "[base]\naws_access_key_id = k\naws_secret_access_key = s\n");
    aws("AWS_PROFILE=work", NULL);
    ok(f.cloud.profiles != NULL && strcmp(f.cloud.profiles, "work\nbase") == 0 &&
           f.cloud.why == NULL && f.cloud.aws_config.type == FACT_FILE,
       "a profile is followed to that with the keys");
    aws("AWS_PROFILE=sso", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.next, "aws sso login --profile sso") != NULL,
       "a profile with SSO needs a token");
    aws("AWS_PROFILE=program", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.why, "credential_process") != NULL,
       "nor does one with a program");
    aws("AWS_PROFILE=loop", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.why, "loop of AWS has no keys") != NULL,
       "a profile that names itself ends");
    aws("AWS_PROFILE=gone", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.why, "no profile gone") != NULL,
       "a missing profile is named");
    put_file(in_tmp(".claude/settings.json"), "{\"env\":{\"AWS_PROFILE\":\"work\"}}");
    aws(NULL, NULL);
    ok(f.cloud.profiles != NULL, "the settings can name the profile");
    (void)unlink(in_tmp(".claude/settings.json"));
}

/* Returns whether claude can log in inside, as far as is known. */
static bool works(void)
{
    return f.cloud.why == NULL && !f.cloud.by_machine;
}

static void variables_are_enough(void)
{
    static const char *const container = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    aws(NULL, NULL);
    ok(!works() && f.cloud.profiles == NULL && strstr(f.cloud.next, "AWS_PROFILE") != NULL,
       "no variable and no file is no login");
    aws("AWS_BEARER_TOKEN_BEDROCK=t", NULL);
    ok(works(), "a token of Bedrock is one");
    aws("AWS_BEARER_TOKEN_BEDROCK=", NULL);
    ok(!works(), "an empty one is not");
    aws("AWS_ACCESS_KEY_ID=k", NULL);
    ok(!works(), "a key without its secret is none");
    aws("AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s");
    ok(works() && f.cloud.profiles == NULL, "both are one");
    aws("CLAUDE_CODE_SKIP_BEDROCK_AUTH=1", NULL);
    ok(works(), "a gateway needs none");
    aws("CLAUDE_CODE_SKIP_MANTLE_AUTH=1", NULL);
    ok(!works(), "but not one of another service");
    find("CLAUDE_CODE_USE_MANTLE", "ANTHROPIC_BEDROCK_MANTLE_API_KEY=k", NULL);
    ok(works(), "each service has its own key");
    aws(arena_printf(&a, "%s=u", container), NULL);
    ok(!works() && strstr(f.cloud.next, container) != NULL,
       "the login of a container service does not pass by itself");
    strv_add(&options, &a, container);
    aws(arena_printf(&a, "%s=u", container), NULL);
    ok(works(), "but by an option");
    strv_add(&options, &a, "AWS_BEARER_TOKEN_BEDROCK=t");
    aws(NULL, NULL);
    ok(works(), "as the other variables do");
    options = (struct strv){0};
    f.dotenv = &(struct fact_dotenv){.key = "AWS_BEARER_TOKEN_BEDROCK"};
    f.dotenv_count = 1;
    aws(NULL, NULL);
    ok(works(), "and those of the project's .env");
    f.dotenv_count = 0;
    put_file(in_tmp(".claude/settings.json"), "{\"awsCredentialExport\":\"x\"}");
    aws(NULL, NULL);
    ok(works(), "a command of the settings prints a login");
    (void)unlink(in_tmp(".claude/settings.json"));
    f.cloud_machine = MACHINE_AWS;
    aws(NULL, NULL);
    ok(f.cloud.why == NULL && f.cloud.by_machine, "a machine of AWS can have a role");
    aws("AWS_PROFILE=gone", NULL);
    ok(f.cloud.why != NULL, "which a missing profile does not use");
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(f.cloud.why != NULL, "and which is not one of Google Cloud");
    f.cloud_machine = MACHINE_GOOGLE;
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(f.cloud.why == NULL && f.cloud.by_machine, "a machine of Google Cloud can have one");
    f.cloud_machine = MACHINE_OTHER;
}

static void tokens_are_found(void)
{
    const char *cache = arena_strdup(&a, in_tmp(".aws/sso/cache"));
    const char *token = arena_printf(&a, "%s/%s", cache, sso_token_file("corp", &a));

    (void)mkdir(in_tmp(".aws/sso"), 0700);
    (void)mkdir(cache, 0700);
    f.now_ms = 1769860798000; /* 2026-01-31 11:59:58 UTC */
    put_file(in_tmp(".aws/config"),
             arena_printf(&a,
                          "[profile sso]\nsso_session = corp\n[sso-session corp]\n"
                          "sso_start_url = u\n[profile old]\nsso_start_url = u\n"
                          "[profile role]\nrole_arn = r\nsource_profile = sso\n"
                          "[profile web]\nrole_arn = r\nweb_identity_token_file = %s\n"
                          "[profile pod]\nrole_arn = r\nweb_identity_token_file = /var/t\n",
                          in_tmp("web.jwt")));
    put_file(token, "{\"accessToken\":\"t\",\"expiresAt\":\"2026-01-31T12:00:00Z\"}");
    aws("AWS_PROFILE=sso", NULL);
    ok(works() && f.cloud.token_is_sso, "a token of SSO is enough");
    is_str(f.cloud.aws_token.path, token, "it is that of the session");
    is_str(f.cloud.profiles, "sso\nsso-session corp", "whose section is kept");
    aws("AWS_PROFILE=role", NULL);
    ok(works() && strcmp(f.cloud.profiles, "role\nsso\nsso-session corp") == 0,
       "a profile with a role uses the token of its source");
    aws("AWS_PROFILE=old", NULL);
    ok(!works() && strstr(f.cloud.why, "old") != NULL, "the token of another session is none");
    f.now_ms += 10000;
    aws("AWS_PROFILE=sso", NULL);
    ok(!works() && strstr(f.cloud.next, "aws sso login --profile sso") != NULL,
       "nor is a token that has expired");
    put_file(arena_printf(&a, "%s/%s", cache, sso_token_file("u", &a)),
             "{\"accessToken\":\"t\",\"expiresAt\":\"2026-02-01T12:00:00Z\"}");
    aws("AWS_PROFILE=old", NULL);
    ok(works() && strcmp(f.cloud.profiles, "old") == 0,
       "without a session, the token is that of the URL");
    aws("AWS_PROFILE=web", NULL);
    ok(!works(), "a missing token of a web identity is none");
    put_file(in_tmp("web.jwt"), "jwt");
    aws("AWS_PROFILE=web", NULL);
    ok(works() && !f.cloud.token_is_sso && f.cloud.aws_token.type == FACT_FILE,
       "a file with one is enough");
    aws("AWS_PROFILE=pod", NULL);
    ok(!works(), "but not outside of the home");
}

static void unusable_files_are_named(void)
{
    const char *config = in_tmp(".aws/config");

    f.untrusted = &(struct fact_untrusted){arena_strdup(&a, config), "an agent could", false};
    f.untrusted_count = f.untrusted_cap = 1;
    aws("AWS_PROFILE=work", NULL);
    ok(!works() && strstr(f.cloud.why, "config is not used: an agent could") != NULL,
       "a file that an agent could have written is no login");
    f.untrusted_count = f.untrusted_cap = 0;
}

static void files_of_google_are_found(void)
{
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(f.cloud.google.type == FACT_MISSING && !works() &&
           strstr(f.cloud.next, "gcloud auth") != NULL,
       "a missing file is no login");
    find("CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_SKIP_VERTEX_AUTH=1", NULL);
    ok(works(), "a gateway needs none");
    put_file(in_tmp(".config/gcloud/application_default_credentials.json"), "{\"type\":");
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(!works(), "a file of another form is no login");
    put_file(in_tmp(".config/gcloud/application_default_credentials.json"),
             "{\"type\":\"authorized_user\"}");
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(f.cloud.google.type == FACT_FILE && f.cloud.why == NULL, "gcloud's own file is found");
    put_file(in_tmp("key.json"), "{\"type\":\"external_account\"}");
    find("CLAUDE_CODE_USE_VERTEX",
         arena_printf(&a, "GOOGLE_APPLICATION_CREDENTIALS=%s", in_tmp("key.json")), NULL);
    ok(f.cloud.google.type == FACT_FILE && f.cloud.why != NULL,
       "a file that names further ones does not work inside");
    is_str(f.cloud.google_at, in_tmp(".config/gcloud/application_default_credentials.json"),
           "the copy is where it is found without the variable");
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp(".aws"), 0700);
    (void)mkdir(in_tmp(".claude"), 0700);
    (void)mkdir(in_tmp(".config"), 0700);
    (void)mkdir(in_tmp(".config/gcloud"), 0700);
    f.home = f.home_physical = tmpdir;
    f.claude_dir = arena_strdup(&a, in_tmp(".claude"));
    f.state_dir = arena_strdup(&a, in_tmp("state"));
    f.trees = &trees;
    variables_are_enough();
    profiles_are_followed();
    tokens_are_found();
    unusable_files_are_named();
    files_of_google_are_found();
    find("CLAUDE_CODE_USE_FOUNDRY", NULL, NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.why, "no login of Azure") != NULL,
       "no login of Azure is none");
    (void)mkdir(in_tmp(".azure"), 0700);
    find("CLAUDE_CODE_USE_FOUNDRY", NULL, NULL);
    ok(f.cloud.why != NULL, "a login of Azure's command line does not work inside");
    find("CLAUDE_CODE_USE_FOUNDRY", "ANTHROPIC_FOUNDRY_API_KEY=k", NULL);
    ok(f.cloud.why == NULL, "a key does");
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
