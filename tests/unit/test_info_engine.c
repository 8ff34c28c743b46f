/* SPDX-License-Identifier: MIT */
/* What `info` says where there is no engine. */
#include "cli/info_engine.h"

#include "cli.h"
#include "cli/app.h"
#include "cli/info.h"
#include "engine/engine.h"
#include "native/native_probe.h"
#include "tap.h"

static struct app app = {.sig = {.fd = -1}};

static void native(void)
{
    struct info i = {.facts = &app.facts};
    struct err e = {0};

    app.opts.engine = ENGINE_NATIVE;
    ok(app_probe(&app, &e) == 0, "facts %s", e.text);
    info_look_at_engine(&app, &i, true);
    ok(i.native && i.engine.ready && i.found != NULL && app.facts.engine.native,
       "--engine native: there is what it needs");
    info_look_at_confinement(&app, &i);
    ok(i.probe != NULL && i.confinement.text != NULL && i.confinement.more.count >= 1, "%s",
       i.confinement.text);
    is_int(i.confinement.ready, i.probe->kind != PROBE_NONE,
           "ready where a sandbox can be made");
    ok((app.facts.native.no_namespaces != NULL) == (i.probe->kind == PROBE_LANDLOCK_ONLY),
       "what is planned next is planned so");
}

static void a_named_one(void)
{
    struct info i = {.facts = &app.facts};

    app.opts.engine = ENGINE_AUTO;
    info_look_at_engine(&app, &i, true);
    ok(!i.native && !i.engine.ready, "a named engine that is not there is missed: %s",
       i.engine.text);
    info_look_at_confinement(&app, &i);
    ok(i.confinement.ready && strstr(i.confinement.text, "--engine native would have") != NULL,
       "and what could be had is told: %s", i.confinement.text);
}

static void none(void)
{
    struct err e = {.kind = ERR_NOT_FOUND};

    app.engine.chosen = ENGINE_BY_FIRST;
    ok(app_goes_native(&app, &e), "nobody has named one");
    app.opts.engine = ENGINE_DOCKER;
    ok(!app_goes_native(&app, &e), "--engine docker");
    app.opts.engine = ENGINE_AUTO;
    e.kind = ERR_CANCELED;
    ok(!app_goes_native(&app, &e), "a signal is no answer");
    e.kind = ERR_NOT_FOUND;
    app.engine.chosen = "DOCKER_HOST";
    ok(!app_goes_native(&app, &e), "nor is what the user named");
}

int main(void)
{
    char env[2][300] = {"DOCKER_HOST=unix:///nowhere/docker.sock", ""};
    char *envp[] = {env[0], env[1], NULL};

    app.env = envp;
    cli_setup();
    (void)snprintf(env[1], sizeof(env[1]), "HOME=%s", in_tmp("home"));
    is_int(chdir(in_tmp("home/project")), 0, "a project");
    conn_init(&app.engine.conn);
    native();
    a_named_one();
    none();
    engine_close(&app.engine);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
