/* SPDX-License-Identifier: MIT */
#include "session/session_end.h"

#include "base/exit_status.h"
#include "base/log.h"
#include "host/project_key.h"
#include "session/reports.h"
#include "session/resume.h"
#include "session/session_audit.h"
#include "session/session_finish.h"
#include "session/session_not_kept.h"
#include "session/sessions.h"

#include <string.h>

/* Fetches the files of a remote sandbox, ends the sandbox with everything that still runs in
 * it, and removes it. */
static void end_sandbox(struct session_context *ctx, struct session_end *s, struct strv *lines)
{
    const bool ended = s->outcome == SESSION_ENDED;
    struct err e = {0};

    if (s->remote != NULL) {
        remote_files_fetch(ctx, s->remote, s->sandbox, lines);
        timing_mark(ctx->timing, "fetch");
    } else if (s->adopted && ended) {
        engine_let_go(s->sandbox);
    }
    if ((ended && !s->kept) || engine_remove(s->sandbox, &e) == 0) {
        return;
    }
    if (ended && s->dir != NULL) {
        s->dir->marks = true; /* so that the next cco removes the container */
        log_verbose("container %s: %s", s->name, e.text);
    } else {
        log_warn("container %s may be left behind: %s\nTo remove it: cco cleanup --all",
                 s->name, e.text);
    }
}

/* Adds a line if a killed session of another project has files on the engine's machine. For the
 * current project nothing is said, because the session that starts here fetches them. */
static void tell_unfetched(struct session_context *ctx, const struct session_end *s,
                           struct strv *lines)
{
    struct arena *a = ctx->arena;
    struct remote_files t = {0};
    struct err ignored = {0};

    if (!sessions_is_here(ctx->facts, s->project) &&
        remote_note_read(s->dir->dir, a, &t, &ignored) == 1) {
        strv_add(
            lines, a,
            arena_printf(a,
                         "its changes are still on the engine's machine. To fetch them, run "
                         "cco sync in %s",
                         s->project));
    }
}

/* Brings the login and .claude.json to the host, and removes the session directory. */
static void bring_home(struct session_context *ctx, struct session_end *s, struct strv *lines)
{
    struct arena *a = ctx->arena;
    struct err e = {0};
    const char *dir = arena_strdup(a, s->dir->dir);

    if (s->returned_file.len > 0 && session_keep_returned(dir, s->returned_file, &e) < 0) {
        strv_add(lines, a,
                 arena_printf(a, "the session's changes of .claude.json are lost: %s", e.text));
        err_reset(&e);
    }
    if (session_finish(dir, ctx->safe_env, a, lines, &e) == 0) {
        s->gone = session_dir_remove(s->dir, &s->error) == 0;
        return;
    }
    strv_add(
        lines, a,
        arena_printf(a,
                     "the session renewed the login, and it could not be brought to this "
                     "machine: %s. The next cco tries again; until then the login is in %s.",
                     e.text, dir));
    session_dir_forget(s->dir);
}

/* Prints the lines, or keeps them for the next session. */
static void report(struct session_context *ctx, const struct session_end *s,
                   const struct strv *lines)
{
    if (!s->killed) {
        reports_add(ctx, project_key(ctx->arena, s->project), s->name, lines, s->background);
        return;
    }
    for (size_t i = 0; i < lines->count; i++) {
        log_report("session %s, which was killed: %s", s->name, lines->v[i]);
    }
}

/* Returns whether the user could change settings with claude in the session. That is not known
 * of a session that another process started. */
static bool was_interactive(const struct session_context *ctx, const struct session_end *s)
{
    const struct strv *args = &ctx->opts->args;

    return s->killed || s->adopted || ctx->opts->command != CMD_CLAUDE ||
           (!strv_has(args, "-p") && !strv_has(args, "--print"));
}

/* Ends a session whose command has ended or failed. Returns the number of changes. */
static size_t end(struct session_context *ctx, struct session_end *s)
{
    struct strv lines = {0};
    const char *resume = NULL;
    size_t changed = 0;
    size_t first;
    size_t kept;

    if (s->sandbox != NULL) {
        end_sandbox(ctx, s, &lines);
    }
    if (s->dir != NULL && s->dir->dir != NULL) {
        s->strict = session_audit_is_strict(s->dir->dir, ctx->arena);
        first = lines.count;
        changed = session_audit_compare(s->dir->dir, ctx->arena, &lines);
        kept = lines.count;
        if (!ctx->opts->quiet) {
            session_not_kept(s->dir->dir, s->returned_file, s->returned_copies,
                             was_interactive(ctx, s), ctx->arena, &lines);
        }
        resume = s->outcome == SESSION_ENDED ? resume_find(s->dir->dir, ctx->arena) : NULL;
        session_audit_publish(s->dir->dir, changed, s->strict, &lines, first, resume);
        if (s->background && s->seen) {
            lines.count = kept; /* what is not kept is said once; changes are also reported */
        }
        if (s->killed) {
            tell_unfetched(ctx, s, &lines);
        }
        bring_home(ctx, s, &lines);
    }
    if (lines.count > 0) {
        report(ctx, s, &lines);
    }
    if (!s->killed && !s->background) {
        resume_tell(resume);
    }
    return changed;
}

size_t session_end(struct session_context *ctx, struct session_end *s)
{
    size_t changed = 0;

    switch (s->outcome) {
    case SESSION_LEFT:
        engine_leave(ctx->engine, s->sandbox);
        break;
    case SESSION_LOST:
        session_dir_forget(s->dir);
        break;
    case SESSION_ENDED:
    case SESSION_FAILED:
        changed = end(ctx, s);
        break;
    }
    sandbox_free(s->sandbox);
    s->sandbox = NULL;
    return changed;
}

int session_end_status(const struct session_context *ctx, const struct session_end *s,
                       size_t changed, int status)
{
    bool strict = s->strict || ctx->opts->strict;

    return strict && changed > 0 && status >= 0 ? EXIT_STRICT : status;
}
