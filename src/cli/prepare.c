/* SPDX-License-Identifier: MIT */
/* What commands need before they can do anything: facts, engine, what an image is made of. */
#include "cli/app.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "cli/config.h"
#include "creds/login.h"
#include "host/parts.h"
#include "host/probe.h"

/* The proxies of the host, as predefined build arguments (docker build knows them without ARG). */
static const char *const proxy_names[] = {
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
};

/* Read unless an agent may have written it: where the way to it leads through the current directory, and that could be a
 * project. (A directory that holds the home cannot.) */
int app_config(struct app *app, struct err *e)
{
    const char *home = host_env(app->env, "HOME");
    const char *config = host_env(app->env, "XDG_CONFIG_HOME");
    const char *physical = home != NULL ? host_physical(&app->arena, home) : NULL;
    const char *cwd = host_physical(&app->arena, ".");
    struct err missing = {0};
    struct buf text;
    const char *path;
    int rc;

    if (home == NULL || home[0] != '/') {
        return 0;
    }
    if (config == NULL || config[0] != '/') {
        config = path_join(&app->arena, home, ".config");
    }
    path = path_join(&app->arena, config, "cco/config");
    if (!file_exists(path)) {
        return 0;
    }
    if (cwd == NULL || (!path_is_inside(physical != NULL ? physical : home, cwd) &&
                        host_leads_through(&app->arena, path, cwd))) {
        log_warn("%s leads through the project: not used", path);
        return 0;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &missing) < 0) {
        buf_release(&text);
        return missing.kind == ERR_NOT_FOUND ? 0 : (*e = missing, -1);
    }
    rc = config_parse(buf_str(&text), path, home, &app->arena, &app->opts, e);
    buf_wipe(&text);
    return rc;
}

int app_probe(struct app *app, struct err *e)
{
    struct facts *f = &app->facts;

    if (host_probe(app->env, &app->arena, f, e) < 0 ||
        login_find(app->env, f->home, &app->arena, &f->login, e) < 0) {
        return -1;
    }
    host_named(&app->opts, &app->arena, f);
    if (f->login.path != NULL &&
        host_leads_through(&app->arena, f->login.path, f->cwd_physical)) {
        strv_add(&f->by_project, &app->arena, f->login.path);
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
        .base = app->opts.base != NULL ? app->opts.base : f->base,
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
