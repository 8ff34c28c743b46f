/* SPDX-License-Identifier: MIT */
/* A session from beginning to end: facts, plan, image, private copies, container, relay, removal.
 * What was begun is undone in reverse, whatever ended it; the terminal is restored before anything
 * is printed. */
#include "base/env.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/app.h"
#include "cli/renew.h"
#include "cli/warnings.h"
#include "session/fallback.h"
#include "session/own_image.h"
#include "session/remote_files.h"
#include "session/reports.h"
#include "session/session_boot.h"
#include "session/session_dir.h"
#include "session/session_end.h"
#include "session/session_image.h"
#include "session/session_serve.h"
#include "session/sessions.h"

#include <string.h>
#include <unistd.h>

enum {
    NAME_TRIES = 4,
    HTTP_BAD_REQUEST = 400,
    HTTP_CONFLICT = 409,
    BOOT_USUAL = 32 << 10,
    LOST_MS = 3000
};

/* What an engine says of a path that it does not find. */
#define NO_SOURCE "bind source path does not exist: "

/* Everything a session holds that must be returned. */
struct run {
    struct app *app;
    struct plan plan;
    struct session_dir dir;
    struct boot_secrets secrets;
    struct sandbox *container;
    struct buf boot;            /* init's arguments, where they go by the engine's stream */
    struct remote_files remote; /* where files have to be sent */
    bool through_engine;        /* no direct line, because the user says so */
    bool begun;                 /* the command was told to start */
    bool left;                  /* another process has the session now */
    bool lost;                  /* nobody has it, but it may run on */
    bool served;                /* nobody reads our stderr any more */
    bool not_started;           /* init could not run the command */
    struct buf returned_file;
};

static int make_plan(struct run *r, struct err *e)
{
    struct app *app = r->app;

    r->plan = (struct plan){0};
    if (plan_build(&app->opts, &app->facts, &app->arena, &r->plan, e) < 0 ||
        plan_check(&r->plan, &app->facts, e) < 0) {
        return -1;
    }
    return 0;
}

static int look_at_image(struct run *r, struct err *e)
{
    struct app *app = r->app;

    if (plan_is_native(&r->plan)) {
        return 0;
    }
    if (r->plan.image.own ? own_image_find(&app->ctx, e) < 0
                          : engine_image(&app->engine, r->plan.image.ref, &app->arena,
                                         &app->facts.image, e) < 0) {
        return -1;
    }
    return make_plan(r, e);
}

/* The image is there afterwards: built, pulled, or it was there before. */
static int prepare_image(struct run *r, struct err *e)
{
    struct app *app = r->app;

    if (app->facts.image.present && !r->plan.image.rebuild) {
        return 0;
    }
    if (r->plan.image.own) {
        return own_image_build(&app->ctx, e) < 0 ? -1 : make_plan(r, e);
    }
    return session_image_pull(&app->ctx, r->plan.image.ref, e) < 0 ? -1 : look_at_image(r, e);
}

static int print_plan(struct run *r, struct err *e)
{
    struct buf out;
    int rc;

    buf_init(&out, LIMIT_REQUEST);
    rc = plan_print(&r->plan, &r->app->facts, &out, e);
    if (rc == 0) {
        rc = fd_write_all(STDOUT_FILENO, buf_data(&out), out.len, e);
    }
    buf_release(&out);
    return rc;
}

/* The session's directory with its copies, and init's arguments: a file in there, unless the engine does not see it. */
static int dir(struct run *r, struct err *e)
{
    struct app *app = r->app;
    const struct plan *p = &r->plan;
    int rc = -1;

    buf_wipe(&r->boot);
    buf_init(&r->boot, p->kind == SANDBOX_REMOTE_CONTAINER ? LIMIT_BOOT_STREAM : LIMIT_BOOT);
    (void)buf_reserve(&r->boot, BOOT_USUAL); /* no growth that leaves copies behind */
    if (session_dir_open(&r->dir, p, &app->facts, app->env, e) == 0 &&
        random_hex(r->secrets.once, FRAME_SECRET, e) == 0 &&
        random_hex(r->secrets.key, FRAME_SECRET, e) == 0 &&
        session_boot_write(p, &app->ctx, &r->secrets, &r->boot, e) == 0) {
        rc = session_dir_boot(
            &r->dir, p->kind == SANDBOX_REMOTE_CONTAINER ? str_n(NULL, 0) : buf_str(&r->boot),
            p->command.tty ? r->secrets.key : NULL, e);
    }
    if (rc < 0 || p->kind != SANDBOX_REMOTE_CONTAINER) {
        buf_wipe(&r->boot);
    }
    if (rc == 0 && p->kind == SANDBOX_REMOTE_CONTAINER) {
        rc = remote_files_prepare(&app->ctx, p, &r->remote, e) < 0
                 ? -1
                 : remote_note_write(&r->remote, r->dir.dir, e);
    }
    timing_mark(&app->timing, "stage");
    return rc;
}

/* Another name for the session, after the first one turned out to be taken. */
static int rename_session(struct run *r, struct err *e)
{
    char *digits = arena_alloc(&r->app->arena, 17);

    if (random_hex(digits, 16, e) < 0) {
        return -1;
    }
    r->app->facts.random = digits;
    return make_plan(r, e);
}

/* An engine in a place of its own, which nobody could know: it does not find the session's directory, which is here. */
static bool is_remote_after_all(struct run *r, const struct err *e)
{
    struct fact_engine *en = &r->app->facts.engine;

    const char *path = strstr(e->text, NO_SOURCE);

    if (en->kind == SANDBOX_REMOTE_CONTAINER || e->kind != ERR_ENGINE ||
        e->code != HTTP_BAD_REQUEST || path == NULL ||
        !file_exists(path + sizeof(NO_SOURCE) - 1)) {
        return false;
    }
    en->kind = SANDBOX_REMOTE_CONTAINER;
    en->remote_why = "the engine does not find this machine's files";
    return true;
}

/* Whether another plan may have more luck, which is made then. */
static int plan_again(struct run *r, bool remote, bool may_rename, struct err *e)
{
    if (remote) {
        err_reset(e);
        if (make_plan(r, e) < 0) {
            return -1;
        }
        remote_files_warn(&r->app->ctx, &r->plan);
        return 0;
    }
    if (e->kind != ERR_ENGINE || e->code != HTTP_CONFLICT || !may_rename) {
        return -1;
    }
    err_reset(e);
    return rename_session(r, e);
}

static int create(struct run *r, struct err *e)
{
    struct app *app = r->app;
    struct strv warnings = {0};

    for (int tries = 1;; tries++) {
        bool remote;

        if (dir(r, e) == 0) {
            r->container = engine_create(&app->engine, &r->plan, app->facts.exe, &app->arena,
                                         &warnings, e);
        }
        if (r->container != NULL) {
            break;
        }
        remote = is_remote_after_all(r, e); /* while its directory is there */
        session_dir_release(&r->dir);
        if (plan_again(r, remote, tries < NAME_TRIES && app->opts.name == NULL, e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < warnings.count; i++) {
        log_warn("engine: %s", warnings.v[i]);
    }
    timing_mark(&app->timing, "create");
    return 0;
}

/* init has said that it is not there; claude itself may end with that status too. */
static void tell_no_claude(const struct run *r, int status)
{
    if (status == EXIT_NOT_FOUND && r->not_started && r->plan.command.runs_claude &&
        !r->plan.image.own && !plan_is_native(&r->plan)) {
        log_error("image %s has no Claude Code.\n"
                  "Leave --image out to use cco's own, or make one with it: RUN npm install -g "
                  "@anthropic-ai/claude-code",
                  r->plan.image.ref);
    }
}

/* What the command did. */
static void fetch_files(struct run *r)
{
    struct strv lines = {0};

    if (r->plan.kind == SANDBOX_REMOTE_CONTAINER && r->begun) {
        remote_files_fetch(&r->app->ctx, &r->remote, r->container, &lines);
        reports_add(&r->app->ctx, r->app->facts.project_key, r->plan.name, &lines, r->served);
        timing_mark(&r->app->timing, "fetch");
    }
}

/* The command's whole life. Its status, or -1. */
static int attend_session(struct run *r, struct err *e)
{
    struct app *app = r->app;
    struct attend a = {
        .ctx = &app->ctx,
        .dir = &r->dir,
        .name = r->plan.name,
        .project = app->facts.cwd_physical,
        .tty = r->plan.command.tty,
        .background = app->opts.detach,
        .remote = r->plan.kind == SANDBOX_REMOTE_CONTAINER,
    };
    const struct engine_boot how = {
        .socket =
            r->through_engine || r->plan.kind == SANDBOX_REMOTE_CONTAINER ? NULL : r->dir.line,
        .secret = r->secrets.once,
        .stream = r->plan.kind == SANDBOX_REMOTE_CONTAINER ? buf_str(&r->boot) : str_n(NULL, 0),
        .adopt_sock = r->plan.command.tty ? r->dir.adopt_sock : NULL,
        .note = r->dir.init,
    };
    int status;

    if (session_end_prepare(&app->ctx, &r->dir, e) < 0 ||
        engine_start(r->container, &how, e) < 0) {
        return -1;
    }
    session_dir_boot_done(&r->dir);
    buf_wipe(&r->boot);
    secret_wipe(&r->secrets, sizeof(r->secrets));
    timing_mark(&app->timing, "start");
    if (r->plan.kind == SANDBOX_REMOTE_CONTAINER &&
        remote_files_send(&app->ctx, &r->remote, r->container, e) < 0) {
        return -1;
    }
    a.session = r->container->session;
    status = attend(&a, e);
    r->begun = a.begun;
    r->not_started = a.not_started;
    r->left = a.left;
    r->served = a.served;
    r->returned_file = a.returned_file;
    r->lost = a.lost && r->plan.command.tty;
    if (a.lost && app->engine.timeout_ms > LOST_MS) {
        app->engine.timeout_ms = LOST_MS; /* who does not answer is not waited for once more */
    }
    if (r->lost) {
        (void)err_hint(
            e, "The session may go on: cco attach %s adopts it once the engine answers.",
            r->plan.name);
    }
    timing_mark(&app->timing, "run");
    return status;
}

/* The end of the command is the end of the container: init has told it, and goes; the engine removes what is
 * left while we go, unless it is told to keep it. Anything else needs to be asked for. */
static void remove_container(struct run *r, int status)
{
    struct err second = {0};

    if (r->container == NULL || (status >= 0 && !r->plan.container.kept) ||
        engine_remove(r->container, &second) == 0) {
        return;
    }
    r->dir.marks = r->plan.container.kept && status >= 0;
    if (r->dir.marks) {
        log_verbose("container %s: %s", r->plan.name,
                    second.text); /* the next cco removes it */
    } else {
        log_warn("container %s may be left behind: %s\nRemove it with cco cleanup --all.",
                 r->plan.name, second.text);
    }
}

/* Brings home what belongs there, and tells. The exit status, which --strict may change. */
static int wrap_up(struct run *r, int status)
{
    const struct session_end w = {
        .name = r->plan.name,
        .project = r->app->facts.cwd_physical,
        .returned_file = buf_str(&r->returned_file),
        .background = r->served,
    };
    size_t changed = r->dir.dir != NULL ? session_end(&r->app->ctx, &r->dir, &w) : 0;

    session_dir_release(&r->dir);
    return changed > 0 && status >= 0 && r->app->opts.strict ? EXIT_STRICT : status;
}

/* The same session without what this machine does not let it have. */
static int attend_less(struct run *r, struct err *e)
{
    const struct strv told = r->plan.warnings;

    if (fallback_choose(&r->app->ctx, e) < 0) {
        return -1;
    }
    sandbox_free(r->container);
    r->container = NULL;
    session_dir_release(&r->dir);
    if (make_plan(r, e) < 0) {
        return -1;
    }
    warnings_new(&r->plan, &told);
    return create(r, e) < 0 ? -1 : attend_session(r, e);
}

static int run_session(struct run *r, struct err *e)
{
    struct app *app = r->app;
    struct err second = {0};
    int status = -1;

    if (sessions_sweep(&app->ctx, &second) < 0) {
        log_verbose(
            "%s", second.text); /* leftovers of others; this session does not need them gone */
    }
    reports_tell(&app->ctx);
    if (r->plan.command.tty) {
        sessions_tell(&app->ctx);
    }
    if (prepare_image(r, e) == 0 && create(r, e) == 0) {
        status = attend_session(r, e);
        if (status < 0 && fallback_is_due(&r->plan, e)) {
            status = attend_less(r, e);
        }
    }
    if (r->lost) {
        session_dir_forget(&r->dir);
    } else if (!r->left) {
        fetch_files(r);
        remove_container(r, status);
        status = wrap_up(r, status);
        tell_no_claude(r, status);
    }
    buf_wipe(&r->returned_file);
    buf_wipe(&r->boot);
    if (r->left) {
        engine_leave(&app->engine, r->container);
    }
    sandbox_free(r->container);
    timing_mark(&app->timing, "remove");
    return status;
}

/* CCO_LINE: whether init shall call cco, as it does where it can, or use the engine's stream. */
static int choose_line(struct run *r, struct err *e)
{
    const char *line = env_value(r->app->env, "CCO_LINE");

    if (line == NULL || strcmp(line, "socket") == 0) {
        return 0;
    }
    if (strcmp(line, "stream") != 0) {
        (void)err_set(e, ERR_USAGE, "CCO_LINE=%s: expected socket or stream", line);
        return err_hint(e, "Unset it.");
    }
    r->through_engine = true;
    return 0;
}

int cmd_run(struct app *app, struct err *e)
{
    struct run r = {.app = app};

    buf_init(&r.returned_file, LIMIT_CLAUDE_JSON);
    buf_init(&r.boot, LIMIT_BOOT);
    session_dir_init(&r.dir);
    if (choose_line(&r, e) < 0 || app_probe(app, e) < 0) {
        return -1;
    }
    if (app_engine(app, e) < 0) {
        if (!app->opts.dry_run) {
            return -1;
        }
        log_warn("the plan assumes a local Docker engine: %s", e->text);
        err_reset(e);
    }
    if (app->opts.dry_run && fallback_foresee(&app->ctx, e) < 0) {
        return -1;
    }
    if (make_plan(&r, e) < 0 || (app->engine.api_minor != 0 && look_at_image(&r, e) < 0)) {
        return -1;
    }
    timing_mark(&app->timing, "plan");
    warnings_misspelled(&app->opts.misspelled);
    if (app->opts.dry_run) {
        return print_plan(&r, e);
    }
    if (warnings_no_claude(&r.plan)) {
        return EXIT_NOT_FOUND;
    }
    if (r.plan.command.runs_claude && renew_offer(app, e) < 0) {
        return -1;
    }
    warnings_tell(app, &r.plan);
    return run_session(&r, e);
}
