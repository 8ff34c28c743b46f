/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "base/hash.h"
#include "base/log.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "creds/login.h"
#include "host/probe.h"
#include "tty/raw.h"

#include <stdlib.h>

/* The proxies of the host, as predefined build arguments (docker build knows them without ARG). */
static const char *const proxy_names[] = {
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
};

int app_probe(struct app *app, struct err *e)
{
    struct facts *f = &app->facts;

    if (host_probe(app->env, &app->arena, f, e) < 0 ||
        login_find(app->env, f->home, &app->arena, &f->login, e) < 0) {
        return -1;
    }
    timing_mark(&app->timing, "probe");
    return 0;
}

static int own_digest(struct app *app, struct err *e)
{
    const struct image_input in = app_image_input(app);
    char *digest = arena_alloc(&app->arena, SHA256_HEX);

    app->facts.image_digest = digest;
    return image_digest(&in, digest, e);
}

int app_engine(struct app *app, struct err *e)
{
    const struct engine_env env = {
        .docker_host = host_env(app->env, "DOCKER_HOST"),
        .docker_context = host_env(app->env, "DOCKER_CONTEXT"),
        .xdg_runtime_dir = host_env(app->env, "XDG_RUNTIME_DIR"),
        .home = app->facts.home,
        .timeout = host_env(app->env, "CCO_ENGINE_TIMEOUT"),
    };

    /* Another image has no identity of ours. */
    if (app->opts.image == NULL && own_digest(app, e) < 0) {
        return -1;
    }
    if (engine_open(&app->engine, &env, &app->sig, &app->arena, e) < 0 ||
        engine_probe(&app->engine, &app->arena, &app->facts.engine, e) < 0) {
        return -1;
    }
    timing_mark(&app->timing, "engine");
    return 0;
}

struct image_input app_image_input(struct app *app)
{
    struct strv *proxies = arena_alloc(&app->arena, sizeof(*proxies));
    const struct facts *f = &app->facts;

    for (size_t i = 0; i < sizeof(proxy_names) / sizeof(proxy_names[0]); i++) {
        const char *value = host_env(app->env, proxy_names[i]);

        if (value != NULL) {
            strv_add(proxies, &app->arena,
                     arena_printf(&app->arena, "%s=%s", proxy_names[i], value));
        }
    }
    return (struct image_input){
        .base = f->base,
        .packages = &app->opts.packages,
        .ca_files = f->ca_files,
        .ca_count = f->ca_count,
        .exe = f->exe,
        .exe_digest = f->exe_digest,
        .refresh =
            app->opts.rebuild ? arena_printf(&app->arena, "%lld", (long long)f->now_ms) : "",
        .proxies = proxies,
        .host_network = f->engine.host_network_real,
    };
}

static int run_command(struct app *app, struct err *e)
{
    switch (app->opts.command) {
    case CMD_HELP:
        return cmd_help();
    case CMD_VERSION:
        return cmd_version();
    case CMD_INFO:
        return cmd_info(app, e);
    case CMD_CLEANUP:
        return cmd_cleanup(app, e);
    case CMD_CLAUDE:
    case CMD_SHELL:
        break;
    }
    return cmd_run(app, e);
}

int app_main(int argc, char **argv, char **env)
{
    struct app app = {.env = env, .sig = {.fd = -1}};
    struct err e = {0};
    int status = -1;

    (void)atexit(tty_raw_restore); /* full only if we registered 32 functions */
    timing_start(&app.timing);
    conn_init(&app.engine.conn);
    if (sig_open(&app.sig, &e) == 0 &&
        options_parse(argc, argv, &app.arena, &app.opts, &e) == 0) {
        log_set_level(app.opts.quiet ? LOG_QUIET : app.opts.verbose ? LOG_VERBOSE : LOG_NORMAL);
        status = run_command(&app, &e);
    }
    if (status < 0) {
        status = exit_error(&e);
    }
    if (app.opts.timing) {
        timing_print(&app.timing);
    }
    engine_close(&app.engine);
    sig_close(&app.sig);
    arena_release(&app.arena);
    return status;
}
