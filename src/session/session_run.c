/* SPDX-License-Identifier: MIT */
#include "session/session_run.h"

#include "base/exit_status.h"
#include "base/log.h"
#include "host/git_top.h"
#include "session/missing_told.h"
#include "session/name_free.h"
#include "session/remote_files.h"
#include "session/reports.h"
#include "session/session_audit.h"
#include "session/session_boot.h"
#include "session/session_dir.h"
#include "session/session_end.h"
#include "session/session_image.h"
#include "session/session_plan.h"
#include "session/session_serve.h"
#include "session/sessions.h"
#include "session/ssh_agent.h"
#include "session/start_line.h"
#include "trust/ledger.h"

#include <unistd.h>

enum { NAME_TRIES = 4, SAME_NAME_TRIES = 8, HTTP_CONFLICT = 409 };

/* Everything that a session holds and has to release at its end. */
struct run {
    struct session_context *ctx;
    struct plan *plan;
    bool through_engine;
    struct session_dir dir;
    struct session_boot boot;
    struct remote_files remote; /* for a remote container */
    struct sandbox *sandbox;    /* NULL: none */
    struct session_serve serve; /* also says how the command ended */
};

/* Returns whether the engine does not see this machine's files, so that they are sent to it,
 * and init's boot file as well. */
static bool is_remote(const struct plan *p)
{
    return p->kind == SANDBOX_REMOTE_CONTAINER;
}

/* Makes the session directory with its copies, and init's boot file: in that directory, or for
 * a remote container in memory. */
static int make_dir(struct run *r, struct err *e)
{
    const struct plan *p = r->plan;
    const char *key = p->command.tty ? r->boot.key : NULL;
    int rc = -1;

    if (session_dir_open(&r->dir, p, r->ctx->facts, r->ctx->safe_env, e) < 0 ||
        session_boot_make(&r->boot, r->ctx, p, e) < 0) {
        goto out;
    }
    if (!is_remote(p)) {
        rc = session_dir_boot(&r->dir, buf_str(&r->boot.bytes), key, e);
        buf_wipe(&r->boot.bytes);
    } else if (session_dir_boot(&r->dir, str_n(NULL, 0), key, e) == 0 &&
               remote_files_prepare(r->ctx, p, &r->remote, e) == 0) {
        rc = remote_note_write(&r->remote, r->dir.dir, e);
    }
out:
    timing_mark(r->ctx->timing, "files");
    return rc;
}

/* Makes the session directory and creates the sandbox. */
static int create(struct run *r, struct err *e)
{
    struct session_context *ctx = r->ctx;
    struct strv warnings = {0};

    /* The trees are recorded before the agent can write to them, and before that, which of them
     * are repositories of the user's. The paths of outputs exist only when the session
     * directory was made. */
    if (make_dir(r, e) == 0 &&
        git_top_record_own(ctx->facts->state_dir, ctx->facts->uid, &r->plan->files.writable,
                           e) == 0 &&
        ledger_record(ctx->facts->state_dir, r->plan->files.writable.v,
                      r->plan->files.writable.count, e) == 0) {
        r->sandbox =
            engine_create(ctx->engine, r->plan, ctx->facts->exe, ctx->arena, &warnings, e);
    }
    for (size_t i = 0; r->sandbox != NULL && i < warnings.count; i++) {
        log_warn("engine: %s", warnings.v[i]);
    }
    timing_mark(ctx->timing, "create");
    return r->sandbox != NULL ? 0 : -1;
}

static void tell_start(const struct run *r)
{
    const struct session_context *ctx = r->ctx;
    const char *line = start_line(r->plan, ctx->opts, ctx->engine->address, ctx->arena);

    if (line != NULL && isatty(STDERR_FILENO) == 1) {
        log_dim("%s", line);
    }
}

/* Starts the command and serves it to its end. */
static int start(struct run *r, struct err *e)
{
    struct session_context *ctx = r->ctx;
    const struct plan *p = r->plan;
    const struct engine_boot how = {
        .socket = r->through_engine || is_remote(p) ? NULL : r->dir.line,
        .secret = r->boot.once,
        .stream = is_remote(p) ? buf_str(&r->boot.bytes) : str_n(NULL, 0),
        .adopt_sock = p->command.tty ? r->dir.adopt_sock : NULL,
        .note = r->dir.init,
    };
    int status;

    if (session_audit_prepare(ctx, &p->files.kept, &r->dir, e) < 0 ||
        engine_start(r->sandbox, &how, e) < 0) {
        return -1;
    }
    session_dir_boot_done(&r->dir);
    session_boot_release(&r->boot);
    timing_mark(ctx->timing, "start");
    if (is_remote(p) && remote_files_send(ctx, &r->remote, r->sandbox, e) < 0) {
        return -1;
    }
    r->serve.session = r->sandbox->session;
    tell_start(r);
    ssh_agent_pass(p, ctx->facts, r->serve.session);
    status = session_serve(&r->serve, e);
    timing_mark(ctx->timing, "run");
    return status;
}

/* Returns the reason for which another plan may succeed after `tries` plans have failed. If the
 * sandbox exists, the only such reason is that the kernel has refused to start it. */
static enum session_plan_reason why_again(const struct run *r, int tries, const struct err *e)
{
    enum session_plan_reason why = session_plan_why_again(r->ctx, r->plan, e);

    if ((r->sandbox != NULL && why != SESSION_PLAN_LANDLOCK_ONLY) ||
        (why == SESSION_PLAN_NAME_TAKEN && tries >= NAME_TRIES)) {
        return SESSION_PLAN_NO_REASON;
    }
    return why;
}

/* Returns true if the engine has refused the name that the user has chosen, and another try may
 * succeed: the container of this name was left over, and is gone now. If the lock of the name
 * was not free, this process has no directory. */
static bool may_have_name_now(const struct run *r, int tries, const struct err *e)
{
    return e->kind == ERR_ENGINE && e->code == HTTP_CONFLICT && r->dir.dir != NULL &&
           r->ctx->opts->name != NULL && r->sandbox == NULL && tries < SAME_NAME_TRIES &&
           name_free(r->ctx, r->plan->name);
}

/* Builds the plan again, and prints the warnings that the plan before did not have, and what
 * the new plan lacks besides. */
static int plan_again(struct run *r, enum session_plan_reason why, struct err *e)
{
    const struct strv told = r->plan->warnings;

    if (session_plan(r->ctx, why, r->plan, e) < 0) {
        return -1;
    }
    if (why == SESSION_PLAN_REMOTE) {
        remote_files_warn(r->ctx, r->plan);
    } else if (why == SESSION_PLAN_LANDLOCK_ONLY) {
        session_plan_warn(r->plan, &told);
    }
    missing_tell(r->ctx, &r->plan->missing);
    return 0;
}

/* Plans again until a sandbox starts, or until no other plan may succeed. */
static int create_and_start(struct run *r, struct err *e)
{
    for (int tries = 1;; tries++) {
        int status = -1;
        enum session_plan_reason why;

        r->serve = (struct session_serve){
            .ctx = r->ctx,
            .dir = &r->dir,
            .name = r->plan->name,
            .project = r->ctx->facts->project,
            .tty = r->plan->command.tty,
            .side = r->plan->command.side,
            .background = r->ctx->opts->detach,
            .safe_terminal = r->plan->command.safe_terminal,
        };
        if (create(r, e) == 0) {
            status = start(r, e);
        }
        if (status >= 0 || r->serve.begun) {
            return status;
        }
        /* This examines files of the session directory, so it comes before the removal. */
        why = may_have_name_now(r, tries, e) ? SESSION_PLAN_NAME_FREE : why_again(r, tries, e);
        if (why == SESSION_PLAN_NO_REASON && r->sandbox != NULL) {
            return -1; /* session_end() removes the sandbox and the directory */
        }
        sandbox_free(r->sandbox);
        r->sandbox = NULL;
        session_dir_release(&r->dir);
        if (why == SESSION_PLAN_NO_REASON || plan_again(r, why, e) < 0) {
            return -1;
        }
    }
}

/* Sweeps killed sessions, and prints reports and other sessions of this project. This session
 * does not depend on it, so errors are ignored. */
static void look_around(struct session_context *ctx, const struct plan *p)
{
    struct err e = {0};

    if (sessions_sweep(ctx, &e) < 0) {
        log_verbose("%s", e.text);
    }
    reports_tell(ctx);
    if (p->command.tty) {
        sessions_tell(ctx);
    }
}

/* Ends the session. Returns the exit status. */
static int end(struct run *r, int status)
{
    struct session_end s = {
        .name = r->plan->name,
        .project = r->ctx->facts->project,
        .dir = &r->dir,
        .sandbox = r->sandbox,
        .remote = is_remote(r->plan) && r->serve.begun ? &r->remote : NULL,
        .kept = r->plan->container.kept,
        .outcome = r->serve.outcome,
        .returned_file = buf_str(&r->serve.returned_file),
        .returned_copies = buf_str(&r->serve.returned_copies),
        .background = r->serve.served,
        .seen = r->serve.end_is_seen,
    };

    status = session_end_status(r->ctx, &s, session_end(r->ctx, &s), status);
    timing_mark(r->ctx->timing, "remove");
    return status;
}

/* Explains the failure if the image has no claude. The status alone does not show that, because
 * a claude that runs may also exit with it. */
static void tell_no_claude(const struct run *r, int status)
{
    const struct plan *p = r->plan;

    if (status == EXIT_NOT_FOUND && r->serve.not_started && p->command.runs_claude &&
        !p->image.own && !plan_is_native(p)) {
        log_error(
            "image %s has no Claude Code.\n"
            "Leave --image out to use cco's own image, or add Claude Code to this one: RUN "
            "npm install -g @anthropic-ai/claude-code",
            p->image.ref);
    }
}

int session_run(struct session_context *ctx, struct plan *p, bool through_engine, struct err *e)
{
    struct run r = {.ctx = ctx, .plan = p, .through_engine = through_engine};
    int status = -1;

    session_boot_init(&r.boot);
    session_dir_init(&r.dir);
    look_around(ctx, p);
    if (session_image_prepare(ctx, p, e) == 0) {
        status = create_and_start(&r, e);
    }
    status = end(&r, status);
    tell_no_claude(&r, status);
    session_boot_release(&r.boot);
    session_serve_release(&r.serve);
    return status;
}
