/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct arena arena;
static struct facts f;
static struct opts o;
static struct plan p;

static const struct plan_var *var(const char *name)
{
    for (size_t i = 0; i < p.env.count; i++) {
        if (strcmp(p.env.vars[i].name, name) == 0) {
            return &p.env.vars[i];
        }
    }
    return NULL;
}

static void from(const char *name, enum plan_var_from want, const char *why)
{
    const struct plan_var *v = var(name);

    ok(v != NULL && v->from == want, "%s: %s", name, why);
}

static bool warns(const char *text)
{
    for (size_t i = 0; i < p.warnings.count; i++) {
        if (strstr(p.warnings.v[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

static void host(const char *name)
{
    strv_add(&f.env_names, &arena, name);
}

int main(void)
{
    static struct fact_dotenv dotenv[] = {
        {"ANTHROPIC_MODEL", false, false},
        {"ONLY_DOTENV", false, false},
        {"SECRET_OF_HOST", false, false},
        {"GONE", false, false},
        {"PATH", true, false},
        {"HOME", false, false},
    };
    static const char *const of_a_running_claude[] = {
        "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_EXECPATH",     "CLAUDE_CODE_SESSION_ID",
        "CLAUDE_CODE_SHELL",      "CLAUDE_CODE_SHELL_PREFIX", "CLAUDE_CODE_SSE_PORT",
        "CLAUDE_CODE_TMPDIR",     "CLAUDE_CODE_GIT_BASH_PATH"};
    struct err e = {0};

    plan_goldens();
    plan_facts(&f, &arena);
    f.dotenv = dotenv;
    f.dotenv_count = 6;
    host("CLAUDE_CODE_MAX_OUTPUT_TOKENS");
    for (size_t i = 0; i < sizeof(of_a_running_claude) / sizeof(of_a_running_claude[0]); i++) {
        host(of_a_running_claude[i]);
    }
    host("CLAUDE_CONFIG_DIR");
    host("GIT_AUTHOR_NAME");
    host("https_proxy");
    strv_add(&o.env, &arena, "ONLY_OPTION=x");
    strv_add(&o.env, &arena, "TERM=dumb");
    strv_add(&o.env, &arena, "UNSET_ON_HOST");
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "the plan is built %s", e.text);
    from("ANTHROPIC_MODEL", ENV_HOST, "the host overrides .env");
    from("ONLY_DOTENV", ENV_DOTENV, ".env sets variables");
    from("SECRET_OF_HOST", ENV_DOTENV, "a variable that does not pass comes from .env alone");
    from("PATH", ENV_DOTENV, ".env may change the sandbox's PATH");
    from("HOME", ENV_FIXED, ".env cannot change the user's identity");
    f.trust = TRUST_NEW;
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("PATH", ENV_FIXED, "without trust, .env cannot change PATH");
    from("ONLY_DOTENV", ENV_DOTENV, "but it sets other variables");
    f.trust = TRUST_NOTHING;
    f.dotenv_count = 4;
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("PATH", ENV_FIXED, "without .env, PATH is cco's");
    is_str(var("PATH")->value, f.image.path_env, "it is the PATH of the image");
    f.image.path_env = NULL;
    (void)plan_build(&o, &f, &arena, &p, &e);
    ok(strstr(var("PATH")->value, "/usr/bin") != NULL,
       "without a PATH of the image, a default is used");
    f.dotenv_count = 6;
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("ONLY_OPTION", ENV_OPTION, "--env K=V sets a variable");
    from("TERM", ENV_OPTION, "--env overrides the host");
    ok(var("UNSET_ON_HOST") == NULL && warns("--env UNSET_ON_HOST: has no effect"),
       "--env of an unset variable is ignored with a warning");
    o.env_configured = o.env.count;
    (void)plan_build(&o, &f, &arena, &p, &e);
    ok(!warns("UNSET_ON_HOST"), "and without one if it is configured");
    o.env_configured = 0;
    from("CLAUDE_CODE_MAX_OUTPUT_TOKENS", ENV_HOST, "claude's variables pass");
    for (size_t i = 0; i < sizeof(of_a_running_claude) / sizeof(of_a_running_claude[0]); i++) {
        ok(var(of_a_running_claude[i]) == NULL, "%s of a running claude does not pass",
           of_a_running_claude[i]);
    }
    ok(var("CLAUDE_CONFIG_DIR") == NULL, "paths of the host do not pass");
    is_int((long long)p.env.left_out.count, 8,
           "claude's variables that do not pass are listed");
    ok(strv_has(&p.env.left_out, "CLAUDE_CODE_ENTRYPOINT"), "the list has their names");
    strv_add(&o.env, &arena, "CLAUDE_CODE_ENTRYPOINT");
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("CLAUDE_CODE_ENTRYPOINT", ENV_HOST, "--env NAME passes a variable");
    ok(!strv_has(&p.env.left_out, "CLAUDE_CODE_ENTRYPOINT"), "then it is not listed");
    ok(var("GIT_AUTHOR_NAME")->why != NULL, "a variable that passes has a reason");
    from("GIT_AUTHOR_NAME", ENV_HOST, "git's author passes");
    from("https_proxy", ENV_HOST, "proxies pass in both cases");
    ok(var("LC_ALL") == NULL, "the host's locale does not pass");
    is_str(var("LANG")->value, "C.UTF-8", "LANG is a locale that every image has");
    ok(var("AWS_REGION") == NULL, "variables of a cloud do not pass if claude does not use it");
    host("CLAUDE_CODE_USE_BEDROCK");
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("AWS_REGION", ENV_HOST, "variables of a cloud pass if claude uses it");
    is_str(var("IS_SANDBOX")->value, "1", "IS_SANDBOX is set");
    is_str(var("SSH_AUTH_SOCK")->value, "/run/cco-ssh-agent/socket",
           "SSH_AUTH_SOCK is the socket inside");
    is_str(var("TZ")->value, "Europe/Berlin", "TZ is set");
    arena_release(&arena);
    return done_testing();
}
