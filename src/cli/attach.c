/* SPDX-License-Identifier: MIT */
/* `cco attach` and `cco stop`: these commands find the session that the user means and check
 * that it can be attached or stopped. */
#include "base/log.h"
#include "cli/app.h"
#include "session/session_attach.h"
#include "session/session_stop.h"

#include <stdio.h>
#include <time.h>

/* How often attach() is tried again, and the pause between the tries in nanoseconds */
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

/* The sessions that exist, and whether the engine was asked about them and did not answer. */
struct found {
    struct sessions all;
    bool without_engine;
};

static int find(struct app *app, struct found *found, struct err *e)
{
    return app_probe(app, e) < 0
               ? -1
               : sessions_find(&app->ctx, &found->all, &found->without_engine, e);
}

/* Chooses the session that `given` names (NULL: the command line names none). Returns NULL on
 * error, with a hint about sessions that could not be found. */
static const struct session_found *choose(struct app *app, const struct found *found,
                                          const char *given, bool newest, bool piped,
                                          struct err *e)
{
    const struct sessions *all = &found->all;
    const struct session_found *f = sessions_choose(&app->ctx, all, given, newest, piped, e);

    if (f == NULL && all->stray != NULL) {
        (void)err_hint(e,
                       "The cco of session %s was killed. The session is on the engine %s, "
                       "which DOCKER_HOST or DOCKER_CONTEXT can name.",
                       all->stray, all->stray_engine);
    } else if (f == NULL && found->without_engine) {
        (void)err_hint(
            e,
            "No engine answers, so a session whose cco was killed cannot be found. Start the "
            "engine, and see cco info.");
    }
    return f;
}

/* Sets *again to whether the session is in a state that lasts a moment only: it starts, or
 * another cco adopts it. */
static int attach(struct app *app, bool *again, struct err *e)
{
    const struct strv *args = &app->opts.args;
    struct found found = {0};
    const struct session_found *f = NULL;

    if (find(app, &found, e) == 0) {
        f = choose(app, &found, args->count > 0 ? args->v[0] : NULL, true, app->opts.wait, e);
    }
    if (f == NULL || need_terminal(app, e) < 0) {
        return -1;
    }
    if (f->state == SESSION_PIPED && !app->opts.wait) {
        (void)err_set(e, ERR_USAGE, "session %s has no terminal", f->name);
        return err_hint(e,
                        "It is part of a pipeline and ends with it. To wait for its end: cco "
                        "attach --wait %s. To end it now: cco stop %s",
                        f->name, f->name);
    }
    if (f->state == SESSION_BUSY && f->sock == NULL) {
        *again = true;
        (void)err_set(e, ERR_TIMEOUT, "session %s is starting or ending", f->name);
        return err_hint(e, "Try again in a few seconds. cco sessions shows its state.");
    }
    return f->state == SESSION_ORPHANED ? session_adopt(&app->ctx, f, again, e)
                                        : session_attach(&app->ctx, f, e);
}

/* If another cco adopts the session at the same moment, the adoption fails. The next try then
 * attaches to the session server of that cco. */
int cmd_attach(struct app *app, struct err *e)
{
    const struct timespec pause = {.tv_nsec = AGAIN_NS};
    bool again = false;
    int status = attach(app, &again, e);

    for (int i = 0; i < AGAIN_TRIES && again; i++) {
        err_reset(e);
        (void)nanosleep(&pause, NULL);
        again = false;
        status = attach(app, &again, e);
    }
    return status;
}

/* Sets list[0] to list[*count - 1] to the sessions that the command line means, each of them
 * once. Returns 0 on success and -1 on error: one of the words is not the name of a session, or
 * the project has no session. */
static int choose_all(struct app *app, const struct found *found,
                      const struct session_found **list, size_t *count, struct err *e)
{
    const struct strv *args = &app->opts.args;

    for (size_t i = 0; app->opts.all && i < found->all.count; i++) {
        list[(*count)++] = &found->all.items[i];
    }
    for (size_t i = 0; !app->opts.all && (i == 0 || i < args->count); i++) {
        const char *given = args->count > 0 ? args->v[i] : NULL;
        const struct session_found *f = choose(app, found, given, false, true, e);
        size_t k = 0;

        if (f == NULL) {
            return -1;
        }
        while (k < *count && list[k] != f) {
            k++;
        }
        list[k] = f;
        *count = k == *count ? k + 1 : *count;
    }
    return 0;
}

/* Ends the sessions one after the other, and prints the name of each. A session that cannot be
 * ended does not keep the others from being ended. Returns 0 if all of them have ended, and
 * otherwise -1 with the error of the first; those of the others are warnings. */
static int stop_all(struct app *app, const struct session_found *const *list, size_t count,
                    struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct err own = {0};

        if (session_stop(&app->ctx, list[i], &own) == 0) {
            (void)printf("%s\n", list[i]->name);
            (void)fflush(stdout); /* the next one may take ten seconds */
        } else if (e->kind == ERR_NONE) {
            *e = own;
        } else {
            log_warn("%s", own.text);
        }
        if (own.kind == ERR_CANCELED) {
            break;
        }
    }
    return e->kind == ERR_NONE ? 0 : -1;
}

int cmd_stop(struct app *app, struct err *e)
{
    struct found found = {0};
    const struct session_found **list;
    size_t count = 0;

    if (app->opts.all && app->opts.args.count > 0) {
        (void)err_set(e, ERR_USAGE, "stop: --all ends every session; %s is one too many",
                      app->opts.args.v[0]);
        return err_hint(e, "Use either --all or names.");
    }
    if (find(app, &found, e) < 0) {
        return -1;
    }
    list = arena_array(&app->arena, found.all.count + 1, sizeof(const struct session_found *));
    if (choose_all(app, &found, list, &count, e) < 0) {
        return -1;
    }
    if (count == 0) {
        log_info("no session is running");
    }
    return stop_all(app, list, count, e);
}
