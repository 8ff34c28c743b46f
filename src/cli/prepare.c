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
#include "creds/helper_words.h"
#include "creds/login.h"
#include "host/config_dirs.h"
#include "host/gpg_agent.h"
#include "host/look.h"
#include "host/probe.h"
#include "host/project_trust.h"
#include "host/safe_env.h"
#include "native/subids.h"
#include "session/cloud_login.h"
#include "session/own_image.h"
#include "session/session_engine.h"
#include "trust/obeyed.h"

#include <string.h>

int app_config(struct app *app, struct err *e)
{
    const struct config_file file = config_file("config", app->env, &app->arena);
    const char *path = file.path;
    struct err missing = {0};
    struct buf text;
    int rc;

    if (file.why != NULL) {
        log_warn("%s is not used: %s", path, file.why);
    }
    if (file.why != NULL || file.physical == NULL) {
        return 0;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (obeyed_read(file.physical, file.sha256, &text, &missing) < 0) {
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

/* Notes that a variable of the settings is not a login if the sandbox does not get them. */
static void judge_settings(struct app *app, struct fact_login *l)
{
    struct facts *f = &app->facts;
    struct obeyed o;

    if (l->settings == NULL) {
        return;
    }
    o = obeyed_find(&app->arena, f->state_dir, f->trees, l->settings);
    if (o.why != NULL) {
        l->broken = true;
        l->why = arena_printf(&app->arena, "it is not shared: %s", o.why);
        l->next = arena_printf(&app->arena, "To accept the present content: cco trust %s",
                               path_word(&app->arena, l->settings));
    }
}

/* Finds out whether an agent could have written the login, or the helper that prints it. cco
 * runs that helper on the host, so it is not enough that the settings are pinned: they could
 * change between the check and now. */
static void judge_login(struct app *app)
{
    struct facts *f = &app->facts;
    struct fact_login *l = &f->login;
    struct obeyed o;
    const char *file;

    if (l->path != NULL) {
        (void)look_unpinned(&app->arena, f, l->path);
    }
    if (l->source != LOGIN_HELPER) {
        judge_settings(app, l);
        return;
    }
    o = obeyed_find_unpinned(&app->arena, f->trees, l->settings);
    file = helper_untrusted(l->helper, app->env, f->home, f->trees, &app->arena);
    if (o.why != NULL || file != NULL) {
        l->broken = true;
        l->why = o.why != NULL ? arena_printf(&app->arena, "it is not run: %s", o.why)
                               : arena_printf(&app->arena,
                                              "it is not run: an agent could write %s", file);
        l->next = "Move the file out of the directories in which sandboxes can write.";
    }
}

int app_find_facts(struct app *app, struct err *e)
{
    if (host_probe(app->env, app->opts.here, &app->arena, &app->facts, e) < 0) {
        return -1;
    }
    app->facts.claude_pin = app->opts.claude_version;
    app->ctx.safe_env = host_safe_env(app->env, &app->arena, &app->facts);
    return 0;
}

int app_probe(struct app *app, struct err *e)
{
    struct facts *f = &app->facts;

    if (app_find_facts(app, e) < 0 ||
        login_find(app->ctx.safe_env, f->home, &app->arena, &f->login, e) < 0) {
        return -1;
    }
    judge_login(app);
    cloud_login_find(app->ctx.safe_env, &app->opts.env, &app->arena, f);
    f->project_leads_to = look_through(&app->arena, f, f->project);
    host_option_paths(&app->opts, &app->arena, f);
    gpg_agent_probe(app->env, &app->opts, &app->arena, f);
    host_project_trust(&app->opts, &app->arena, f);
    features_tell_ignored(&app->opts, &app->arena, &f->missing);
    timing_mark(&app->timing, "probe");
    return 0;
}

int app_engine(struct app *app, struct err *e)
{
    if (features_check_command(&app->opts, &app->arena, e) < 0) {
        return -1;
    }
    return session_engine_open(&app->ctx, e);
}
