/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/path.h"
#include "session/native_sessions.h"
#include "session/remote_files.h"
#include "session/session_end.h"
#include "session/sessions.h"

#include <string.h>

/* What a session did on a remote engine is there still; the next session in its project brings it home, and cco
 * sync does. */
static void tell_unfetched(struct session_context *ctx, const struct session_dir_found *s,
                           struct strv *lines)
{
    struct arena *a = ctx->arena;
    struct remote_files t = {0};
    struct err ignored = {0};

    if (strcmp(s->project, ctx->facts->cwd_physical) != 0 &&
        remote_note_read(path_join(a, ctx->facts->runtime_dir, s->name), a, &t, &ignored) ==
            1) {
        strv_add(lines, a,
                 arena_printf(a,
                              "what it did is on the engine's machine still: cco sync in %s "
                              "brings it home",
                              s->project));
    }
}

int sessions_sweep_dead(struct session_context *ctx, const struct strv *dead,
                        struct strv *removed, struct err *e)
{
    struct arena *a = ctx->arena;
    struct session_dir_found *all = NULL;
    struct strv lines = {0};
    const struct sweep sweep = {.runtime_dir = ctx->facts->runtime_dir,
                                .env = ctx->env,
                                .a = a,
                                .removed = removed,
                                .notes = &lines};
    size_t count = 0;
    int rc;

    if (session_dir_list(ctx->facts->runtime_dir, a, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (!all[i].alive && all[i].project[0] == '/' &&
            (dead == NULL || strv_has(dead, all[i].name))) {
            (void)session_end_compare(path_join(a, ctx->facts->runtime_dir, all[i].name),
                                      all[i].project, a, &lines);
            tell_unfetched(ctx, &all[i], &lines);
        }
    }
    rc = session_dir_sweep(&sweep, dead, e);
    for (size_t i = 0; i < lines.count; i++) {
        log_warn("a session that was killed: %s", lines.v[i]);
    }
    return rc;
}

static bool is_among(const struct sessions *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

int sessions_sweep(struct session_context *ctx, struct err *e)
{
    struct session_dir_found *found = NULL;
    struct sessions orphans = {0};
    struct strv dead = {0};
    struct strv ended = {0};
    struct err second = {0};
    struct err unknown = {0}; /* whether those of an engine run */
    size_t count = 0;
    bool lost = false;

    if (session_dir_list(ctx->facts->runtime_dir, ctx->arena, &found, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        lost = lost || session_dir_is_lost(&found[i]);
        if (!found[i].alive && found[i].native && !native_session_runs(&found[i])) {
            strv_add(&dead, ctx->arena, found[i].name);
        }
    }
    if (lost && sessions_find_orphans(ctx, found, count, &orphans, &ended, &unknown) < 0) {
        lost = false;
    }
    for (size_t i = 0; i < ended.count; i++) {
        if (engine_end(ctx->engine, &(struct engine_known){.id = ended.v[i]}, &second) < 0) {
            log_verbose("%s", second.text); /* cleanup finds it */
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (lost && session_dir_is_lost(&found[i]) && !is_among(&orphans, found[i].name) &&
            !session_dir_is_of_another(&found[i], ctx->engine->address)) {
            strv_add(&dead, ctx->arena, found[i].name);
        }
    }
    if (dead.count > 0 && sessions_sweep_dead(ctx, &dead, NULL, e) < 0) {
        return -1;
    }
    if (unknown.kind != ERR_NONE) {
        *e = unknown;
        return -1;
    }
    return 0;
}
