/* SPDX-License-Identifier: MIT */
#include "cli/cleanup_volumes.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/prompt.h"
#include "engine/docker_volume.h"

#include <string.h>
#include <time.h>

/* How long a volume in use is waited for, and the pause between the tries */
enum { BUSY_MS = 3000, PAUSE_NS = 100000000 };

/* Lists the volumes and asks the user. Returns the result of prompt_yes(); 1 in a dry run. */
static int ask(struct app *app, const struct engine_volume *all, size_t count, struct err *e)
{
    if (app->opts.dry_run) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        log_error("%s of a project on the engine: %s  %s",
                  strstr(all[i].name, "-cache-") != NULL ? "cache" : "copy", all[i].name,
                  all[i].project);
    }
    return prompt_yes(
        "remove these copies of projects? Changes that were not synchronized are lost",
        app->opts.yes, &app->sig, e);
}

/* Tries again until the deadline if a container uses the volume, because the engine may still
 * be removing the container of a session that has just ended. */
static int remove_it(struct app *app, const char *name, int64_t deadline, struct err *e)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    while (engine_volume_remove(&app->engine, name, e) < 0) {
        if (e->kind != ERR_REFUSED || clock_ms() >= deadline) {
            return -1;
        }
        err_reset(e);
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

int cleanup_volumes(struct app *app, struct cleanup_volumes *out, struct err *e)
{
    struct engine_volume *all = NULL;
    struct err own = {0};
    size_t count = 0;
    int64_t deadline;
    int answer;

    *out = (struct cleanup_volumes){0};
    if (engine_volumes(&app->engine, app->facts.owner_key, &app->arena, &all, &count, &own) <
        0) {
        log_verbose("%s", own.text); /* an engine without volumes has none of cco */
        return 0;
    }
    answer = app->opts.all && count > 0 ? ask(app, all, count, e) : 0;
    if (answer < 0) {
        return -1;
    }
    deadline = clock_ms() + BUSY_MS; /* for all of them together */
    for (size_t i = 0; i < count; i++) {
        err_reset(&own);
        if (answer == 0) {
            out->kept++;
        } else if (!app->opts.dry_run && remove_it(app, all[i].name, deadline, &own) < 0) {
            out->kept++;
            log_warn("%s", own.text);
        } else {
            strv_add(&out->removed, &app->arena, all[i].name);
            strv_add(&out->projects, &app->arena, all[i].project);
        }
    }
    return 0;
}
