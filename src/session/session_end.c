/* SPDX-License-Identifier: MIT */
#include "session/session_end.h"

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "host/audit.h"
#include "host/parts.h"
#include "host/probe.h"
#include "session/remote_files.h"
#include "session/reports.h"
#include "session/session_finish.h"

#include <string.h>

#define AUDIT_FILE_NAME "audit"

/* What came first in a thousand lines would be off the screen, and that is what matters most. */
enum { LINES_MAX = 20 };

/* A snapshot that a process of any age can compare with. */
int session_end_prepare(struct app *app, const struct session_dir *s, struct err *e)
{
    const struct facts *f = &app->facts;
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

/* Adds a line for each thing that changed since, up to LINES_MAX, and one for the rest. How many changed; 0 where
 * there is no snapshot. */
static size_t compare(const char *dir, const char *project, struct arena *a, struct strv *lines)
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
            audit_take(project, host_git_common_dir(a, project), a, &after, &e) < 0) {
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

static void bring_home(struct app *app, struct session_dir *s, struct str returned_file,
                       struct strv *lines)
{
    struct arena *a = &app->arena;
    struct err e = {0};
    const char *dir = arena_strdup(a, s->dir);

    if (returned_file.len > 0 && session_keep_returned(dir, returned_file, &e) < 0) {
        strv_add(lines, a,
                 arena_printf(a, "what the session noted in .claude.json is lost: %s", e.text));
        err_reset(&e);
    }
    if (session_finish(dir, app->env, a, lines, &e) == 0) {
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

size_t session_end(struct app *app, struct session_dir *s, const struct session_end *w)
{
    struct strv lines = {0};
    size_t changed = compare(s->dir, w->project, &app->arena, &lines);

    bring_home(app, s, w->returned_file, &lines);
    reports_add(app, host_project_key(&app->arena, w->project), w->name, &lines, w->background);
    return changed;
}

/* What a session did on a remote engine is there still; the next session in its project brings it home, and cco
 * sync does. */
static void tell_unfetched(struct app *app, const struct session_dir_found *s,
                           struct strv *lines)
{
    struct arena *a = &app->arena;
    struct remote_files t = {0};
    struct err ignored = {0};

    if (strcmp(s->project, app->facts.cwd_physical) != 0 &&
        remote_note_read(path_join(a, app->facts.runtime_dir, s->name), a, &t, &ignored) == 1) {
        strv_add(lines, a,
                 arena_printf(a,
                              "what it did is on the engine's machine still: cco sync in %s "
                              "brings it home",
                              s->project));
    }
}

int session_end_sweep(struct app *app, const struct strv *dead, struct strv *removed,
                      struct err *e)
{
    struct arena *a = &app->arena;
    struct session_dir_found *all = NULL;
    struct strv lines = {0};
    const struct sweep sweep = {.runtime_dir = app->facts.runtime_dir,
                                .env = app->env,
                                .a = a,
                                .removed = removed,
                                .notes = &lines};
    size_t count = 0;
    int rc;

    if (session_dir_list(app->facts.runtime_dir, a, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (!all[i].alive && all[i].project[0] == '/' &&
            (dead == NULL || strv_has(dead, all[i].name))) {
            (void)compare(path_join(a, app->facts.runtime_dir, all[i].name), all[i].project, a,
                          &lines);
            tell_unfetched(app, &all[i], &lines);
        }
    }
    rc = session_dir_sweep(&sweep, dead, e);
    for (size_t i = 0; i < lines.count; i++) {
        log_warn("a session that was killed: %s", lines.v[i]);
    }
    return rc;
}
