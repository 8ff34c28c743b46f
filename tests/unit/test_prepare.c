/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

static char variables[5][300] = {"HTTPS_PROXY=http://p:1", "ANTHROPIC_API_KEY=k"};
static char *no_engine[] = {variables[2], variables[3], NULL};

/* Opens the engine on a machine without a socket of Docker. A session does not need one. */
static void without_engine(enum opts_engine engine, enum opts_command command)
{
    static struct app app;
    struct err e = {0};
    int rc;

    app_init(&app, no_engine);
    app.opts.engine = engine;
    app.opts.command = command;
    (void)app_probe(&app, &e);
    rc = app_engine(&app, &e);
    if (engine == ENGINE_DOCKER) {
        ok(rc < 0 && e.kind == ERR_NOT_FOUND && strstr(e.hint, "native") == NULL,
           "--engine docker does not fall back to native: %s", e.text);
    } else if (command == CMD_SHELL) {
        ok(rc == 0 && app.facts.engine.kind == SANDBOX_NATIVE && app.facts.native.top_count > 0,
           "a session uses native %s", e.text);
        ok((app.facts.native.no_engine != NULL) == (engine == ENGINE_AUTO),
           "the facts say whether the user chose native");
    } else {
        ok(rc < 0 && e.kind == (engine == ENGINE_AUTO ? ERR_NOT_FOUND : ERR_USAGE) &&
               e.hint[0] != '\0',
           "commands about images and sync fail: %s", e.text);
    }
    engine_close(&app.engine);
    arena_release(&app.arena);
}

int main(void)
{
    static const struct fake_rule rules[] = {CLI_PING, CLI_INFO, FAKE_END};
    char env[4][300] = {"HTTPS_PROXY=http://p:1", "ANTHROPIC_API_KEY=k", "", ""};
    char *envp[] = {env[0], env[1], env[2], env[3], NULL};
    static struct app app;
    static struct fake f;
    struct err e = {0};

    app_init(&app, envp);
    cli_setup();
    cli_engine(&f, rules);
    (void)snprintf(env[2], sizeof(env[2]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[3], sizeof(env[3]), "DOCKER_HOST=%s", cli_docker_host);
    ok(chdir(in_tmp("home/project")) == 0 && app_probe(&app, &e) == 0,
       "the facts of this machine are found %s", e.text);
    ok(app.facts.login.source == LOGIN_API_KEY && app.facts.uid == getuid(),
       "the login and the user are found");
    ok(app_engine(&app, &e) == 0 && app.facts.engine.api_minor == 41, "the engine is opened %s",
       e.text);
    is_int((long long)strlen(app.facts.image_digest), 64,
           "the digest of cco's own image is known");
    engine_close(&app.engine);
    app.opts.image = "small";
    app.facts.image_digest = NULL;
    ok(app_engine(&app, &e) == 0 && app.facts.image_digest == NULL,
       "another image has no digest");
    engine_close(&app.engine);
    fake_stop(&f);
    (void)snprintf(variables[2], sizeof(variables[2]), "HOME=%s", in_tmp("home"));
    (void)snprintf(variables[3], sizeof(variables[3]), "XDG_RUNTIME_DIR=%s", in_tmp("none"));
    if (access("/var/run/docker.sock", F_OK) < 0 &&
        access("/run/podman/podman.sock", F_OK) < 0) {
        without_engine(ENGINE_AUTO, CMD_SHELL);
        without_engine(ENGINE_AUTO, CMD_IMAGE_LIST);
        without_engine(ENGINE_DOCKER, CMD_SHELL);
    }
    without_engine(ENGINE_NATIVE, CMD_SHELL);
    without_engine(ENGINE_NATIVE, CMD_IMAGE_BUILD);
    without_engine(ENGINE_NATIVE, CMD_SYNC);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
