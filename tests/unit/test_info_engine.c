/* SPDX-License-Identifier: MIT */
/* What `info` says about engines, and about this machine if there is none. */
#include "cli/info.h"

#include "cli.h"
#include "cli/app.h"
#include "engine/engine.h"
#include "native/native_probe.h"
#include "tap.h"

static struct app app;

static void native(void)
{
    struct info i = {.facts = &app.facts};
    struct info_section *engine = &i.sections[INFO_ENGINE];
    struct info_section *confinement = &i.sections[INFO_CONFINEMENT];
    struct err e = {0};

    app.opts.engine = ENGINE_NATIVE;
    ok(app_probe(&app, &e) == 0, "facts %s", e.text);
    info_collect_engine(&app, &i, engine);
    ok(i.native && engine->ready && i.found != NULL && app.facts.engine.kind == SANDBOX_NATIVE,
       "--engine native: there is what it needs");
    info_collect_confinement(&app, &i, confinement);
    ok(i.probe != NULL && confinement->text != NULL && confinement->more.count >= 1, "%s",
       confinement->text);
    is_int(confinement->ready, i.probe->kind != PROBE_NONE,
           "ready where a sandbox can be made");
    ok((app.facts.native.no_namespaces != NULL) == (i.probe->kind == PROBE_LANDLOCK_ONLY),
       "what is planned next is planned so");
}

static void a_named_one(void)
{
    struct info i = {.facts = &app.facts};
    struct info_section *engine = &i.sections[INFO_ENGINE];
    struct info_section *confinement = &i.sections[INFO_CONFINEMENT];

    app.opts.engine = ENGINE_AUTO;
    info_collect_engine(&app, &i, engine);
    ok(!i.native && !engine->ready, "a named engine that is not there is missed: %s",
       engine->text);
    info_collect_confinement(&app, &i, confinement);
    ok(confinement->ready && strstr(confinement->text, "--engine native would have") != NULL,
       "and what could be had is told: %s", confinement->text);
}

static void texts(void)
{
    static const struct fact_path_map path_maps[] = {{"/ws", "/ci", true, false}};
    struct fact_engine en = {
        .name = "Docker 28.5.2", .api_minor = 44, .host_network_real = true};

    is_str(info_engine_text(&en, &app.arena), "Docker 28.5.2, API 1.44, host networking",
           "an engine");
    en.rootless = en.userns_remap = true;
    en.host_network_real = false;
    is_str(info_engine_text(&en, &app.arena),
           "Docker 28.5.2, API 1.44, bridge networking, rootless, user namespaces", "another");
    en = (struct fact_engine){.name = "Docker 1",
                              .api_minor = 30,
                              .host_network_real = true,
                              .kind = SANDBOX_REMOTE_CONTAINER};
    is_str(info_engine_text(&en, &app.arena),
           "Docker 1, API 1.30, bridge networking, files are sent to it", "a remote one");
    en.path_maps = path_maps;
    en.path_map_count = 1;
    en.own_network = "container:c0ffee";
    is_str(
        info_engine_text(&en, &app.arena),
        "Docker 1, API 1.30, this container's networking, sees what is mounted here, the rest "
        "is sent to it",
        "one around us");
    en.own_network = "host";
    ok(strstr(info_engine_text(&en, &app.arena), ", host networking,") != NULL,
       "one whose network we are in");
}

int main(void)
{
    char env[2][300] = {"DOCKER_HOST=unix:///nowhere/docker.sock", ""};
    char *envp[] = {env[0], env[1], NULL};

    app_init(&app, envp);
    cli_setup();
    (void)snprintf(env[1], sizeof(env[1]), "HOME=%s", in_tmp("home"));
    is_int(chdir(in_tmp("home/project")), 0, "a project");
    native();
    a_named_one();
    texts();
    engine_close(&app.engine);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
