/* SPDX-License-Identifier: MIT */
/* What commands need before they can do anything: configuration, facts, engine. */
#include "cli/app.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "cli/config.h"
#include "cli/options.h"
#include "creds/login.h"
#include "engine/docker_transport.h"
#include "host/parts.h"
#include "host/probe.h"
#include "native/subids.h"
#include "session/own_image.h"

#include <string.h>

/* An agent may have written what the way to leads through the current directory, if that could be a project. (A directory
 * that holds the home cannot.) */
const char *config_path(struct app *app, const char *name, bool *planted)
{
    const char *home = host_env(app->env, "HOME");
    const char *config = host_env(app->env, "XDG_CONFIG_HOME");
    const char *physical = home != NULL ? host_physical(&app->arena, home) : NULL;
    const char *cwd = host_physical(&app->arena, ".");
    const char *path;

    *planted = false;
    if (home == NULL || home[0] != '/') {
        return NULL;
    }
    if (config == NULL || config[0] != '/') {
        config = path_join(&app->arena, home, ".config");
    }
    path = path_join(&app->arena, path_join(&app->arena, config, "cco"), name);
    *planted = file_exists(path) &&
               (cwd == NULL || (!path_is_inside(physical != NULL ? physical : home, cwd) &&
                                host_leads_through(&app->arena, path, cwd)));
    return path;
}

int app_config(struct app *app, struct err *e)
{
    bool planted = false;
    const char *path = config_path(app, "config", &planted);
    struct err missing = {0};
    struct buf text;
    int rc;

    if (path == NULL || !file_exists(path)) {
        return 0;
    }
    if (planted) {
        log_warn("%s leads through the project: not used", path);
        return 0;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &missing) < 0) {
        buf_release(&text);
        if (missing.kind == ERR_NOT_FOUND) {
            return 0;
        }
        *e = missing;
        return -1;
    }
    rc = config_parse(buf_str(&text), path, host_env(app->env, "HOME"), &app->arena, &app->opts,
                      e);
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
    host_option_paths(&app->opts, &app->arena, f);
    if (f->login.path != NULL &&
        host_leads_through(&app->arena, f->login.path, f->cwd_physical)) {
        strv_add(&f->by_project, &app->arena, f->login.path);
    }
    timing_mark(&app->timing, "probe");
    return 0;
}

/* CCO_ENGINE_FILES: what the engine sees of this machine, where the user knows better, or tries how it is elsewhere. */
static int choose_files(struct app *app, struct err *e)
{
    struct fact_engine *en = &app->facts.engine;
    const char *files = host_env(app->env, "CCO_ENGINE_FILES");

    if (files == NULL || files[0] == '\0') {
        return 0;
    }
    if (strcmp(files, "local") == 0) {
        en->remote = false;
    } else if (strcmp(files, "remote") == 0) {
        en->remote = true;
        en->remote_why = "CCO_ENGINE_FILES says so";
    } else {
        (void)err_set(e, ERR_USAGE, "CCO_ENGINE_FILES=%s: this is neither local nor remote",
                      files);
        return err_hint(e, "Unset it.");
    }
    return 0;
}

const char *docker_dir(struct app *app, const char **why)
{
    const char *dir = host_env(app->env, "DOCKER_CONFIG");
    const char *cwd = app->facts.cwd_physical;
    const char *home = app->facts.home;
    const char *config;

    *why = NULL;
    if (dir == NULL || dir[0] != '/') {
        dir = home != NULL ? path_join(&app->arena, home, ".docker") : NULL;
    }
    if (dir == NULL || cwd == NULL) {
        return dir;
    }
    config = path_join(&app->arena, dir, "config.json");
    config = file_exists(config) ? config : dir;
    if (file_exists(config) && host_leads_through(&app->arena, config, cwd) &&
        (app->facts.home_physical == NULL || !path_is_inside(app->facts.home_physical, cwd))) {
        *why = arena_printf(&app->arena, "%s leads through the project", config);
        return NULL;
    }
    return dir;
}

int app_connect(struct app *app, struct err *e)
{
    const char *why = NULL;
    const char *dir = docker_dir(app, &why);
    const struct engine_env env = {
        .docker_host = host_env(app->env, "DOCKER_HOST"),
        .docker_context = host_env(app->env, "DOCKER_CONTEXT"),
        .docker_dir = dir,
        .no_docker_dir = why,
        .tls = host_env(app->env, "DOCKER_TLS"),
        .tls_verify = host_env(app->env, "DOCKER_TLS_VERIFY"),
        .cert_path = host_env(app->env, "DOCKER_CERT_PATH"),
        .api_version = host_env(app->env, "DOCKER_API_VERSION"),
        .insecure = app->opts.insecure,
        .xdg_runtime_dir = host_env(app->env, "XDG_RUNTIME_DIR"),
        .home = app->facts.home,
        .timeout = host_env(app->env, "CCO_ENGINE_TIMEOUT"),
    };

    app->engine.owner = app->facts.owner_key;
    if (app->engine.transport == NULL) {
        app->engine.transport = transport_new(app->env, app->facts.runtime_dir);
    }
    if (engine_open(&app->engine, &env, &app->sig, &app->arena, e) < 0 ||
        engine_probe(&app->engine, &app->arena, &app->facts.engine, e) < 0 ||
        choose_files(app, e) < 0) {
        return -1;
    }
    timing_mark(&app->timing, "engine");
    return 0;
}

static bool is_idmapped(const struct fact_native *n, const char *top)
{
    bool idmapped = false;

    for (size_t i = 0; i < n->top_count; i++) {
        idmapped = idmapped || (n->tops[i].idmapped && strcmp(n->tops[i].name, top) == 0);
    }
    return idmapped;
}

void app_use_native(struct app *app)
{
    engine_native(&app->engine, &app->sig, &app->facts.engine);
    if (app->opts.engine != ENGINE_NATIVE) {
        app->engine.chosen = "no engine answers";
    }
    engine_limits(&app->engine, &app->arena, &app->facts.engine);
    host_native(app->env, &app->arena, &app->facts);
    if (app->facts.uid == 0) {
        engine_idmap(&app->engine, &app->facts.native, &app->arena);
    }
    if (!is_idmapped(&app->facts.native, "etc")) {
        host_native_hide(&app->arena, &app->facts.native);
    }
    if (app->opts.subids) {
        subids_find("", &app->arena, &app->facts);
    }
    app->facts.image.present = true;
    timing_mark(&app->timing, "engine");
}

/* What answers, though not as it should, is an engine, and so is what is slow. */
bool app_goes_native(const struct app *app, const struct err *e)
{
    return app->opts.engine == ENGINE_AUTO && app->engine.chosen != NULL &&
           strcmp(app->engine.chosen, ENGINE_BY_FIRST) == 0 && !app->engine.ping.done &&
           e->kind != ERR_CANCELED && e->kind != ERR_TIMEOUT;
}

static bool runs(const struct app *app)
{
    return app->opts.command == CMD_CLAUDE || app->opts.command == CMD_SHELL;
}

/* What there is without an engine are sessions, and nothing else. */
static int check_native(const struct app *app, struct err *e)
{
    const struct command *c = command_of(app->opts.command);

    switch ((int)app->opts.command) {
    case CMD_IMAGE_BUILD:
    case CMD_IMAGE_PULL:
    case CMD_IMAGE_SAVE:
    case CMD_IMAGE_LOAD:
    case CMD_IMAGE_LIST:
    case CMD_IMAGE_PRUNE:
        (void)err_set(e, ERR_USAGE, "%s %s: --engine native has no images", c->word, c->sub);
        return err_hint(e, "Say which engine: cco --engine docker %s %s", c->word, c->sub);
    case CMD_SYNC:
        (void)err_set(e, ERR_USAGE,
                      "sync: with --engine native the project is here, and "
                      "there is nothing to bring in step");
        return err_hint(e, "Say which engine: cco --engine docker sync");
    default:
        return 0;
    }
}

/* No engine, and none was asked for: what only one can do is refused by the plan, with the reason. */
static int do_without(struct app *app, struct err *e)
{
    struct fact_native *n = &app->facts.native;

    if (app->opts.engine == ENGINE_AUTO && runs(app) && !app_goes_native(app, e)) {
        return e->kind == ERR_CANCELED || e->kind == ERR_USAGE
                   ? -1
                   : err_hint(e, "%s%sWithout any engine: --engine native.",
                              arena_strdup(&app->arena, e->hint),
                              e->hint[0] != '\0' ? " " : "");
    }
    if (app->opts.engine != ENGINE_AUTO || !runs(app)) {
        return -1;
    }
    app_use_native(app);
    n->no_engine = arena_strdup(&app->arena, e->text);
    n->no_engine_next = e->hint[0] != '\0' ? arena_strdup(&app->arena, e->hint) : NULL;
    log_verbose("%s\nThe sandbox is one of cco's own (--engine native).", e->text);
    err_reset(e);
    return 0;
}

int app_engine(struct app *app, struct err *e)
{
    if (app->opts.engine == ENGINE_NATIVE) {
        if (check_native(app, e) < 0) {
            return -1;
        }
        app_use_native(app);
        return 0;
    }
    /* Another image has no identity of ours. */
    if (app->opts.image == NULL && own_image_identify(app, e) < 0) {
        return -1;
    }
    return app_connect(app, e) < 0 ? do_without(app, e) : 0;
}
