/* SPDX-License-Identifier: MIT */
/* The first steps of a command: it reads the configuration, collects the facts and opens the
 * engine. */
#include "base/env.h"
#include "cli/app.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "cli/config.h"
#include "cli/features.h"
#include "cli/options.h"
#include "creds/login.h"
#include "host/config_dirs.h"
#include "host/probe.h"
#include "host/project_trust.h"
#include "host/resolve.h"
#include "native/subids.h"
#include "session/own_image.h"
#include "session/session_engine.h"

#include <string.h>

int app_config(struct app *app, struct err *e)
{
    bool planted = false;
    const char *path = config_file("config", app->env, &app->arena, &planted);
    struct err missing = {0};
    struct buf text;
    int rc;

    if (path == NULL || !file_exists(path)) {
        return 0;
    }
    if (planted) {
        log_warn("%s is ignored, because its path leads through the project", path);
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
    rc = config_parse(buf_str(&text), path, env_value(app->env, "HOME"), &app->arena,
                      &app->opts, e);
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
    host_project_trust(&app->opts, &app->arena, f);
    if (f->login.path != NULL &&
        resolve_leads_through(&app->arena, f->login.path, f->cwd_physical)) {
        strv_add(&f->by_project, &app->arena, f->login.path);
    }
    timing_mark(&app->timing, "probe");
    return 0;
}

int app_engine(struct app *app, struct err *e)
{
    const struct command *c = command_of(app->opts.command);

    if (c != NULL &&
        features_check_command(c, engine_row(app->opts.engine), &app->arena, e) < 0) {
        return -1;
    }
    return session_engine_open(&app->ctx, e);
}
