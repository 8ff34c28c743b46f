/* SPDX-License-Identifier: MIT */
/* `cco cleanup`: removes what ended or killed sessions of this user left, found by label and owner:
 * containers that no longer run (with --all the running ones too, after asking) and private copies in
 * the runtime directory. Says what it did. Live sessions are never touched without --all. */
#include "base/log.h"
#include "cli/app.h"
#include "cli/prompt.h"
#include "cli/wrapup.h"
#include "creds/stage.h"

#include <stdio.h>
#include <string.h>

struct found {
    struct engine_found *items;
    size_t count;
    size_t running;
};

static bool is_running(const struct engine_found *c)
{
    return strcmp(c->state, "running") == 0 || strcmp(c->state, "paused") == 0 ||
           strcmp(c->state, "restarting") == 0;
}

static int find(struct app *app, struct found *f, struct err *e)
{
    if (engine_list(&app->engine, app->facts.uid, &app->arena, &f->items, &f->count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < f->count; i++) {
        f->running += is_running(&f->items[i]) ? 1U : 0U;
    }
    return 0;
}

static int ask(struct app *app, const struct found *f, struct err *e)
{
    if (!app->opts.all || f->running == 0) {
        return 0;
    }
    for (size_t i = 0; i < f->count; i++) {
        if (is_running(&f->items[i])) {
            log_error("running: %s  %s  (%s)", f->items[i].name, f->items[i].project,
                      f->items[i].status);
        }
    }
    return prompt_yes("stop and remove these running sessions?", app->opts.yes, &app->sig, e);
}

static int remove_containers(struct app *app, const struct found *f, bool running,
                             struct err *e)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct engine_found *c = &f->items[i];

        if (is_running(c) && !running) {
            continue;
        }
        if (engine_remove_id(&app->engine, c->id, e) < 0) {
            return err_wrap(e, "remove %s", c->name);
        }
        (void)printf("removed container %s (%s)\n", c->name, c->project);
    }
    return 0;
}

/* What died before the containers were looked at, but for what can be taken up again: those files stay. */
static struct strv dead_names(struct app *app, const struct stage_found *sessions, size_t count,
                              const struct found *f, bool removed)
{
    struct strv names = {0};

    for (size_t i = 0; i < count; i++) {
        bool runs = sessions[i].alive;

        for (size_t k = 0; !removed && k < f->count; k++) {
            runs = runs || (is_running(&f->items[k]) &&
                            strcmp(f->items[k].name, sessions[i].name) == 0);
        }
        if (!runs) {
            strv_add(&names, &app->arena, sessions[i].name);
        }
    }
    return names;
}

int cmd_cleanup(struct app *app, struct err *e)
{
    struct found f = {0};
    struct strv swept = {0};
    struct strv dead = {0};
    struct stage_found *sessions = NULL;
    size_t count = 0;
    struct err engine_error = {0};
    int answer = 0;
    int status = 0;

    if (app_probe(app, e) < 0 ||
        stage_list(app->facts.runtime_dir, &app->arena, &sessions, &count, e) < 0) {
        return -1;
    }
    if (app_engine(app, &engine_error) < 0 || find(app, &f, &engine_error) < 0) {
        status = -1; /* files can still be swept without an engine */
    } else {
        answer = ask(app, &f, e);
        if (answer < 0 || remove_containers(app, &f, answer == 1, e) < 0) {
            return -1;
        }
    }
    dead = dead_names(app, sessions, count, &f, answer == 1);
    if (wrapup_sweep(app, status < 0 ? NULL : &dead, &swept, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < swept.count; i++) {
        (void)printf("removed private copies of %s\n", swept.v[i]);
    }
    if (f.running > 0 && answer == 0) {
        (void)printf("left %zu running session%s alone%s\n", f.running,
                     f.running == 1 ? "" : "s", app->opts.all ? "" : " (--all stops them too)");
    }
    if (status < 0) {
        *e = engine_error;
    } else if (f.count == f.running && answer == 0 && swept.count == 0) {
        (void)printf("nothing to clean up\n");
    }
    return status;
}
