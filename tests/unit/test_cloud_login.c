/* SPDX-License-Identifier: MIT */
#include "session/cloud_login.h"

#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>

static struct arena a;
static struct facts f;
static struct ledger trees;

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
    cloud_login_find(env, &a, &f);
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
    put_file(in_tmp(".aws/credentials"), "[base]\naws_access_key_id = k\n");
    aws("AWS_PROFILE=work", NULL);
    ok(f.cloud.profiles != NULL && strcmp(f.cloud.profiles, "work\nbase") == 0 &&
           f.cloud.why == NULL && f.cloud.aws_config.type == FACT_FILE,
       "a profile is followed to that with the keys");
    aws("AWS_PROFILE=work", "AWS_ACCESS_KEY_ID=k");
    ok(f.cloud.profiles == NULL && f.cloud.why == NULL, "keys in variables are enough");
    aws("AWS_PROFILE=sso", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.next, "--profile sso") != NULL,
       "a profile with SSO does not work inside");
    aws("AWS_PROFILE=program", NULL);
    ok(f.cloud.why != NULL && strstr(f.cloud.why, "credential_process") != NULL,
       "nor does one with a program");
    aws("AWS_PROFILE=loop", NULL);
    ok(f.cloud.why == NULL, "a profile that names itself ends");
    aws(NULL, NULL);
    ok(f.cloud.profiles == NULL && f.cloud.why == NULL, "without a profile nothing is known");
    put_file(in_tmp(".claude/settings.json"), "{\"env\":{\"AWS_PROFILE\":\"work\"}}");
    aws(NULL, NULL);
    ok(f.cloud.profiles != NULL, "the settings can name the profile");
    (void)unlink(in_tmp(".claude/settings.json"));
}

static void files_of_google_are_found(void)
{
    find("CLAUDE_CODE_USE_VERTEX", NULL, NULL);
    ok(f.cloud.google.type == FACT_MISSING && f.cloud.why == NULL, "a missing file is missing");
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
    profiles_are_followed();
    files_of_google_are_found();
    find("CLAUDE_CODE_USE_FOUNDRY", NULL, NULL);
    ok(f.cloud.why == NULL, "without a login of Azure nothing is missing");
    (void)mkdir(in_tmp(".azure"), 0700);
    find("CLAUDE_CODE_USE_FOUNDRY", NULL, NULL);
    ok(f.cloud.why != NULL, "a login of Azure's command line does not work inside");
    find("CLAUDE_CODE_USE_FOUNDRY", "ANTHROPIC_FOUNDRY_API_KEY=k", NULL);
    ok(f.cloud.why == NULL, "a key does");
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
