/* SPDX-License-Identifier: MIT */
#include "session/session_end.h"

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "host/audit.h"
#include "host/git_worktree.h"
#include "host/project_key.h"
#include "host/probe.h"
#include "session/remote_files.h"
#include "session/reports.h"
#include "session/session_finish.h"

#include <string.h>

#define AUDIT_FILE_NAME "audit"

/* What came first in a thousand lines would be off the screen, and that is what matters most. */
enum { LINES_MAX = 20 };

/* A snapshot that a process of any age can compare with. */
int session_end_prepare(struct session_context *ctx, const struct session_dir *s, struct err *e)
{
    const struct facts *f = ctx->facts;
    struct arena a = {0};
    struct audit before = {0};
    struct buf text;
    int rc = -1;

    buf_init(&text, AUDIT_TEXT_MAX);
    if (audit_take(f->cwd_physical, f->git_common_dir, &a, &before, e) == 0 &&
        audit_encode(&before, &text, e) == 0) {
        rc = file_write_new(path_join(&a, s->dir, AUDIT_FILE_NAME), buf_str(&text), 0600, e);
    }
    buf_release(&text);
    arena_release(&a);
    return rc < 0 ? err_wrap(e, "the project before the session") : 0;
}

size_t session_end_compare(const char *dir, const char *project, struct arena *a,
                           struct strv *lines)
{
    struct audit before = {0};
    struct audit after = {0};
    struct audit_report report = {0};
    struct err e = {0};
    struct buf text;
    const char *path = path_join(a, dir, AUDIT_FILE_NAME);

    buf_init(&text, AUDIT_TEXT_MAX);
    if (file_exists(path)) {
        if (file_read(path, &text, &e) < 0 ||
            audit_decode(buf_str(&text), a, &before, &e) < 0 ||
            audit_take(project, git_worktree_common_dir(a, project), a, &after, &e) < 0) {
            strv_add(lines, a,
                     arena_printf(a, "what changed in the project cannot be told: %s", e.text));
        } else {
            audit_diff(&before, &after, a, &report);
        }
    }
    buf_release(&text);
    for (size_t i = 0; i < report.count && i < LINES_MAX; i++) {
        strv_add(lines, a, audit_line(&report.findings[i], a));
    }
    if (report.count > LINES_MAX) {
        strv_add(lines, a, arena_printf(a, "%zu more", report.count - LINES_MAX));
    }
    return report.count;
}

static void bring_home(struct session_context *ctx, struct session_dir *s,
                       struct str returned_file, struct strv *lines)
{
    struct arena *a = ctx->arena;
    struct err e = {0};
    const char *dir = arena_strdup(a, s->dir);

    if (returned_file.len > 0 && session_keep_returned(dir, returned_file, &e) < 0) {
        strv_add(lines, a,
                 arena_printf(a, "what the session noted in .claude.json is lost: %s", e.text));
        err_reset(&e);
    }
    if (session_finish(dir, ctx->env, a, lines, &e) == 0) {
        session_dir_release(s);
        return;
    }
    strv_add(
        lines, a,
        arena_printf(a,
                     "the session renewed the login, and it could not be brought back: %s. "
                     "The next cco tries again; until then it is in %s.",
                     e.text, dir));
    session_dir_forget(s);
}

size_t session_end(struct session_context *ctx, struct session_dir *s,
                   const struct session_end *w)
{
    struct strv lines = {0};
    size_t changed = session_end_compare(s->dir, w->project, ctx->arena, &lines);

    bring_home(ctx, s, w->returned_file, &lines);
    reports_add(ctx, project_key(ctx->arena, w->project), w->name, &lines, w->background);
    return changed;
}
