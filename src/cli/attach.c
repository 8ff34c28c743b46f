/* SPDX-License-Identifier: MIT */
/* `cco attach` and `cco stop`: these commands find the session that the user means and check
 * that it can be attached or stopped. */
#include "cli/app.h"
#include "session/session_attach.h"
#include "session/session_stop.h"

#include <stdio.h>
#include <time.h>

/* How often attach() is tried again if another cco adopts the session, and the pause between
 * the tries in nanoseconds */
enum { AGAIN_TRIES = 20, AGAIN_NS = 200000000 };

static int need_terminal(const struct app *app, struct err *e)
{
    if (app->opts.wait || (app->facts.stdin_tty && app->facts.stdout_tty)) {
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "attach needs a terminal on standard input and output");
    return err_hint(
        e, "cco attach --wait needs no terminal: it waits for the session's exit status.");
}

static const struct session_found *choose(struct app *app, struct sessions *all, bool newest,
                                          struct err *e)
{
    const struct session_found *f;
    bool without_engine = false;

    if (app_probe(app, e) < 0 || sessions_find(&app->ctx, all, &without_engine, e) < 0) {
        return NULL;
    }
    f = sessions_choose(&app->ctx, all, newest, e);
    if (f == NULL && all->stray != NULL) {
        (void)err_hint(e,
                       "The cco of session %s was killed. The session is on the engine %s, "
                       "which DOCKER_HOST or DOCKER_CONTEXT can name.",
                       all->stray, all->stray_engine);
    } else if (f == NULL && without_engine) {
        (void)err_hint(
            e,
            "No engine answers, so a session whose cco was killed cannot be found. Start the "
            "engine, and see cco info.");
    }
    return f;
}

static int attach(struct app *app, bool *taken, struct err *e)
{
    struct sessions all;
    const struct session_found *f = choose(app, &all, true, e);

    if (f == NULL || need_terminal(app, e) < 0) {
        return -1;
    }
    if (f->state == SESSION_PIPED) {
        (void)err_set(e, ERR_USAGE, "session %s has no terminal", f->name);
        return err_hint(e,
                        "It is part of a pipeline and ends with it. To end it now: cco stop %s",
                        f->name);
    }
    return f->state == SESSION_ORPHANED ? session_adopt(&app->ctx, f, taken, e)
                                        : session_attach(&app->ctx, f, e);
}

/* If another cco adopts the session at the same moment, the adoption fails and sets
 * `taken`. The next try then attaches to the session server of that cco. */
int cmd_attach(struct app *app, struct err *e)
{
    const struct timespec pause = {.tv_nsec = AGAIN_NS};
    bool taken = false;
    int status = attach(app, &taken, e);

    for (int i = 0; i < AGAIN_TRIES && taken; i++) {
        err_reset(e);
        (void)nanosleep(&pause, NULL);
        taken = false;
        status = attach(app, &taken, e);
    }
    return status;
}

int cmd_stop(struct app *app, struct err *e)
{
    struct sessions all;
    const struct session_found *f = choose(app, &all, false, e);

    if (f == NULL || session_stop(&app->ctx, f, e) < 0) {
        return -1;
    }
    (void)printf("%s\n", f->name);
    return 0;
}
