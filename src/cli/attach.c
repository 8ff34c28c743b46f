/* SPDX-License-Identifier: MIT */
/* `cco attach` and `cco stop`: a session by its socket, or, where its process was killed, by its container. */
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/app.h"
#include "host/project_key.h"
#include "host/probe.h"
#include "session/remote_files.h"
#include "session/reports.h"
#include "session/session_end.h"
#include "session/session_serve.h"
#include "session/sessions.h"
#include "term/attach_client.h"
#include "term/session_query.h"
#include "term/raw.h"
#include "term/screen.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { STOP_MS = 30000, BUSY_MS = 3000, AGAIN_TRIES = 20, AGAIN_NS = 200000000 };

static int need_terminal(const struct app *app, struct err *e)
{
    if (app->opts.wait || (app->facts.stdin_tty && app->facts.stdout_tty)) {
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "attach needs a terminal on standard input and output");
    return err_hint(e, "cco attach --wait waits for the session's exit status without one.");
}

/* A server that went away leaves a terminal of which nothing is known. */
static void abandon_screen(void)
{
    struct buf text;
    struct err ignored = {0};

    buf_init(&text, LIMIT_PATH);
    screen_abandon(&text);
    (void)fd_write_all(STDOUT_FILENO, buf_data(&text), text.len, &ignored); /* it may be gone */
    buf_release(&text);
}

static int attach_client_status(const struct attach_client *v, const struct session_found *f,
                                int rc)
{
    switch (rc) {
    case ATTACH_CLIENT_ENDED:
        return attend_status(&v->exit);
    case ATTACH_CLIENT_DETACHED:
        log_info("detached; the session goes on. cco attach %s comes back to it.", f->name);
        return 0;
    case ATTACH_CLIENT_HUNG_UP:
        return EXIT_SIGNAL + (v->signo > 0 ? v->signo : SIGHUP);
    default:
        return -1;
    }
}

static int client(struct app *app, const struct session_found *f, struct err *e)
{
    const char *keys = app->opts.detach_keys;
    struct attach_client v = {
        .fd = -1,
        .kind = app->opts.wait        ? FRAME_HELLO_WAIT
                : app->opts.read_only ? FRAME_HELLO_READ_ONLY
                                      : FRAME_HELLO_ATTACH,
        .sig = &app->sig,
        .in = STDIN_FILENO,
        .out = STDOUT_FILENO,
        .keys_spec = keys != NULL ? keys : KEYS_DEFAULT,
    };
    int rc;

    /* Raw before anybody reads from it. */
    if (!app->opts.wait && tty_raw_enter(STDIN_FILENO, e) < 0) {
        return -1;
    }
    if (attach_client_open(&v, f->sock, app->facts.rows, app->facts.cols, e) < 0) {
        tty_raw_restore();
        attach_client_close(&v);
        return err_wrap(e, "session %s", f->name);
    }
    log_set_raw(!app->opts.wait);
    rc = attach_client_run(&v, e);
    if (!app->opts.wait && (rc < 0 || (rc == ATTACH_CLIENT_HUNG_UP && v.signo != SIGHUP))) {
        abandon_screen();
    }
    tty_raw_restore();
    log_set_raw(false);
    attach_client_close(&v);
    if (rc < 0) {
        (void)err_hint(e,
                       "cco sessions tells whether it still runs; cco attach %s adopts it "
                       "again.",
                       f->name);
        return err_wrap(e, "session %s", f->name);
    }
    return attach_client_status(&v, f, rc);
}

/* Its engine may be another one than that which was looked at, or none. */
static struct sandbox *adopt_container(struct app *app, const struct session_found *f,
                                       const char *key, struct err *e)
{
    const struct engine_known what = {
        .id = f->id,
        .adopt_sock = f->adopt_sock,
        .init_pid = f->init_pid,
        .init_started = f->init_started,
        .key = key,
    };

    if (f->adopt_sock != NULL &&
        engine_open(&app->engine, &native_engine, &(struct engine_env){0}, &app->sig,
                    &app->arena, e) < 0) {
        return NULL;
    }
    return engine_adopt(&app->engine, &what, e);
}

/* The session's process was killed: this one takes its place, unless another one just has: *taken. */
static int adopt(struct app *app, const struct session_found *f, bool *taken, struct err *e)
{
    struct session_dir dir;
    struct sandbox *c = NULL;
    struct buf key;
    struct attend a = {
        .ctx = &app->ctx,
        .dir = &dir,
        .name = f->name,
        .project = f->project,
        .tty = true,
        .background = app->opts.wait,
        .adopted = true,
        .read_only = app->opts.read_only,
    };
    struct session_end w = {.name = f->name, .project = f->project};
    struct err second = {0};
    struct remote_files t = {0};
    struct strv lines = {0};
    int status = -1;

    session_dir_init(&dir);
    buf_init(&key, LIMIT_PATH);
    if (session_dir_adopt(&dir, app->facts.runtime_dir, f->name, &key, e) == 0) {
        c = adopt_container(app, f, buf_c(&key), e);
    }
    *taken = dir.dir == NULL && e->kind == ERR_TIMEOUT;
    buf_wipe(&key);
    if (c == NULL) {
        session_dir_forget(&dir); /* as it was: the next one may have more luck */
        return -1;
    }
    a.session = c->session;
    a.remote = remote_note_read(dir.dir, &app->arena, &t, &second) == 1;
    status = attend(&a, e);
    if (!a.begun || a.lost) {
        session_dir_forget(&dir); /* it runs on, for whoever comes next */
    } else if (!a.left) {
        if (a.remote) {
            remote_files_fetch(&app->ctx, &t, c, &lines);
            reports_add(&app->ctx, project_key(&app->arena, f->project), f->name, &lines,
                        a.served);
        } else if (status >= 0) {
            engine_let_go(c);
        }
        if ((status < 0 || app->engine.live_restore) && engine_remove(c, &second) < 0) {
            dir.marks = status >= 0; /* it has ended: the next cco removes it */
            if (!dir.marks) {
                log_warn(
                    "container %s may be left behind: %s\nRemove it with cco cleanup --all.",
                    f->name, second.text);
            }
        }
        w.returned_file = buf_str(&a.returned_file);
        w.background = a.served;
        (void)session_end(&app->ctx, &dir, &w);
    }
    buf_wipe(&a.returned_file);
    if (a.left) {
        engine_leave(&app->engine, c);
    }
    sandbox_free(c);
    return status;
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
                       "%s lost its process, and its engine is %s: choose that with "
                       "DOCKER_HOST or DOCKER_CONTEXT.",
                       all->stray, all->stray_engine);
    } else if (f == NULL && without_engine) {
        (void)err_hint(e, "No engine answers: sessions whose process was killed are not seen.");
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
        return err_hint(
            e, "It belongs to a pipeline and ends with it; cco stop %s ends it now.", f->name);
    }
    return f->state == SESSION_ORPHANED ? adopt(app, f, taken, e) : client(app, f, e);
}

/* Where another cco takes the session up in the same moment, this one becomes its guest. */
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

/* By its init: what an engine says does not matter. */
static int end_native(struct app *app, const struct session_found *f, struct err *e)
{
    struct err ignored = {0};

    const struct engine_known what = {.init_pid = f->init_pid, .init_started = f->init_started};

    if (native_engine.end(NULL, &what, e) < 0) {
        return -1;
    }
    if (sessions_sweep(&app->ctx, &ignored) < 0) {
        log_verbose("%s", ignored.text); /* the next cco does it */
    }
    return 0;
}

/* By the engine: for those that nobody can be asked to end. */
static int remove_by_name(struct app *app, const struct session_found *f, struct err *e)
{
    const char *name = f->name;
    struct engine_found *all = NULL;
    size_t count = 0;

    if (f->adopt_sock != NULL) {
        return end_native(app, f, e);
    }
    if ((!app->engine.probed && app_engine(app, e) < 0) ||
        engine_list(&app->engine, app->facts.uid, &app->arena, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(str_c(all[i].name), name) &&
            engine_end(&app->engine, &(struct engine_known){.id = all[i].id}, e) < 0) {
            return -1;
        }
    }
    return sessions_sweep(&app->ctx, e);
}

int cmd_stop(struct app *app, struct err *e)
{
    struct sessions all;
    const struct session_found *f = choose(app, &all, false, e);
    bool gentle;
    int rc;

    if (f == NULL) {
        return -1;
    }
    gentle = f->sock != NULL &&
             session_query_stop(f->sock, f->state == SESSION_BUSY ? BUSY_MS : STOP_MS, e) == 0;
    if (!gentle) {
        err_reset(e); /* its process does not hear, or there is none */
    }
    rc = gentle ? 0 : remove_by_name(app, f, e);
    if (rc < 0) {
        return err_wrap(e, "stop %s", f->name);
    }
    (void)printf("%s\n", f->name);
    return 0;
}
