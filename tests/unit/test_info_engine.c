/* SPDX-License-Identifier: MIT */
/* The sections engine and confinement of `cco info`. */
#include "cli/info.h"

#include "cli.h"
#include "cli/app.h"
#include "engine/engine.h"
#include "native/native_probe.h"
#include "tap.h"

static struct app app;

static void engine_native_is_ready_if_a_sandbox_is_possible(void)
{
    struct info i = {.facts = &app.facts};
    struct info_section *engine = &i.sections[INFO_ENGINE];
    struct info_section *confinement = &i.sections[INFO_CONFINEMENT];
    struct err e = {0};

    app.opts.engine = ENGINE_NATIVE;
    ok(app_probe(&app, &e) == 0, "this machine is probed %s", e.text);
    info_collect_engine(&app, &i, engine);
    ok(i.native && engine->ready && i.found != NULL && app.facts.engine.kind == SANDBOX_NATIVE,
       "the engine is native");
    info_collect_confinement(&app, &i, confinement);
    ok(i.probe != NULL && confinement->text != NULL && confinement->more.count >= 1, "%s",
       confinement->text);
    is_int(confinement->ready, i.probe->kind != PROBE_NONE,
           "the confinement is ready if a sandbox is possible");
    ok((app.facts.native.no_namespaces != NULL) == (i.probe->kind == PROBE_LANDLOCK_ONLY),
       "the facts say whether there are namespaces");
}

static void a_named_engine_that_does_not_answer_is_not_ready(void)
{
    struct info i = {.facts = &app.facts};
    struct info_section *engine = &i.sections[INFO_ENGINE];
    struct info_section *confinement = &i.sections[INFO_CONFINEMENT];

    app.opts.engine = ENGINE_AUTO;
    info_collect_engine(&app, &i, engine);
    ok(!i.native && !engine->ready, "the section says why: %s", engine->text);
    info_collect_confinement(&app, &i, confinement);
    ok(confinement->ready && strstr(confinement->text, "with --engine native: ") != NULL,
       "the confinement of --engine native is reported: %s", confinement->text);
}

static void an_engine_is_described_in_a_line(void)
{
    static const struct fact_path_map path_maps[] = {{"/ws", "/ci", true, false}};
    struct fact_engine en = {
        .name = "Docker 28.5.2", .api_minor = 44, .host_network_real = true};

    is_str(info_engine_text(&en, &app.arena), "Docker 28.5.2, API 1.44, host networking",
           "host networking");
    en.rootless = en.userns_remap = true;
    en.host_network_real = false;
    is_str(info_engine_text(&en, &app.arena),
           "Docker 28.5.2, API 1.44, bridge networking, rootless, user namespaces",
           "rootless, with user namespaces");
    en = (struct fact_engine){.name = "Docker 1",
                              .api_minor = 30,
                              .host_network_real = true,
                              .kind = SANDBOX_REMOTE_CONTAINER};
    is_str(info_engine_text(&en, &app.arena),
           "Docker 1, API 1.30, bridge networking, files are sent to it", "a remote engine");
    en.path_maps = path_maps;
    en.path_map_count = 1;
    en.own_network = "container:c0ffee";
    is_str(
        info_engine_text(&en, &app.arena),
        "Docker 1, API 1.30, this container's networking, sees what is mounted here, the rest "
        "is sent to it",
        "the engine of the container in which cco runs");
    en.own_network = "host";
    ok(strstr(info_engine_text(&en, &app.arena), ", host networking,") != NULL,
       "the same on the host's network");
}

int main(void)
{
    char env[2][300] = {"DOCKER_HOST=unix:///nowhere/docker.sock", ""};
    char *envp[] = {env[0], env[1], NULL};

    app_init(&app, envp);
    cli_setup();
    (void)snprintf(env[1], sizeof(env[1]), "HOME=%s", in_tmp("home"));
    is_int(chdir(in_tmp("home/project")), 0, "the directory is a project");
    engine_native_is_ready_if_a_sandbox_is_possible();
    a_named_engine_that_does_not_answer_is_not_ready();
    an_engine_is_described_in_a_line();
    engine_close(&app.engine);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
