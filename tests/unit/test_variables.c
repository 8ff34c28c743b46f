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

static void host(const char *name)
{
    strv_add(&f.env_names, &arena, name);
}

int main(void)
{
    static struct fact_dotenv dotenv[] = {
        {"ANTHROPIC_MODEL", false},
        {"ONLY_DOTENV", false},
        {"SECRET_OF_HOST", true},
        {"GONE", true},
        {"PATH", false},
        {"HOME", false},
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
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0, "planned %s",
       e.text);
    from("ANTHROPIC_MODEL", ENV_HOST, "the host overrides .env");
    from("ONLY_DOTENV", ENV_DOTENV, ".env reaches the sandbox");
    from("SECRET_OF_HOST", ENV_HOST, "a key alone in .env copies from the host");
    ok(var("GONE") == NULL, "but not what the host lacks");
    from("PATH", ENV_DOTENV, ".env may change the sandbox's PATH");
    from("HOME", ENV_FIXED, "but not who the user is");
    f.dotenv_count = 4;
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("PATH", ENV_FIXED, "without it there, the image's");
    is_str(var("PATH")->value, f.image.path_env, "as it is");
    f.image.path_env = NULL;
    (void)plan_build(&o, &f, &arena, &p, &e);
    ok(strstr(var("PATH")->value, "/usr/bin") != NULL, "or one that finds the usual programs");
    f.dotenv_count = 6;
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("ONLY_OPTION", ENV_OPTION, "--env K=V");
    from("TERM", ENV_OPTION, "--env overrides the host");
    ok(var("UNSET_ON_HOST") == NULL, "--env of an unset variable is ignored");
    from("CLAUDE_CODE_MAX_OUTPUT_TOKENS", ENV_HOST, "claude's variables pass");
    for (size_t i = 0; i < sizeof(of_a_running_claude) / sizeof(of_a_running_claude[0]); i++) {
        ok(var(of_a_running_claude[i]) == NULL, "but not %s of a running claude",
           of_a_running_claude[i]);
    }
    ok(var("CLAUDE_CONFIG_DIR") == NULL, "nor host-only paths");
    from("GIT_AUTHOR_NAME", ENV_HOST, "git's author passes");
    from("https_proxy", ENV_HOST, "proxies pass in both cases");
    ok(var("LC_ALL") == NULL, "a locale that the image may lack does not");
    is_str(var("LANG")->value, "C.UTF-8", "this one every image has");
    ok(var("AWS_REGION") == NULL, "a cloud's variables only where claude uses that cloud");
    host("CLAUDE_CODE_USE_BEDROCK");
    (void)plan_build(&o, &f, &arena, &p, &e);
    from("AWS_REGION", ENV_HOST, "then they pass");
    is_str(var("IS_SANDBOX")->value, "1", "claude is told that it is sandboxed");
    is_str(var("SSH_AUTH_SOCK")->value, "/run/cco-ssh-agent",
           "the agent's socket is re-pointed");
    is_str(var("TZ")->value, "Europe/Berlin", "the time zone");
    arena_release(&arena);
    return done_testing();
}
