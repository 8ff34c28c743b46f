/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

int main(void)
{
    static const struct fake_rule rules[] = {CLI_PING, CLI_INFO, {NULL, NULL, false}};
    char env[4][300] = {"HTTPS_PROXY=http://p:1", "ANTHROPIC_API_KEY=k", "", ""};
    char *envp[] = {env[0], env[1], env[2], env[3], NULL};
    static struct app app = {.sig = {.fd = -1}};
    static struct fake f;
    struct err e = {0};

    app.env = envp;
    cli_setup();
    cli_engine(&f, rules);
    (void)snprintf(env[2], sizeof(env[2]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[3], sizeof(env[3]), "DOCKER_HOST=%s", cli_docker_host);
    ok(chdir(in_tmp("home/project")) == 0 && app_probe(&app, &e) == 0,
       "facts of this machine %s", e.text);
    ok(app.facts.login.source == LOGIN_API_KEY && app.facts.uid == getuid(), "login and user");
    conn_init(&app.engine.conn);
    ok(app_engine(&app, &e) == 0 && app.facts.engine.api_minor == 41, "the engine %s", e.text);
    is_int((long long)strlen(app.facts.image_digest), 64, "the digest of cco's own image");
    engine_close(&app.engine);
    app.opts.image = "small";
    app.facts.image_digest = NULL;
    ok(app_engine(&app, &e) == 0 && app.facts.image_digest == NULL,
       "another image has no digest of ours");
    engine_close(&app.engine);
    fake_stop(&f);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
