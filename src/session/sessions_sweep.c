/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/log.h"
#include "session/native_sessions.h"
#include "session/runtime_dirs.h"
#include "session/session_end.h"
#include "session/sessions.h"

#include <string.h>

/* If cco is killed between its request for a container and the answer, the engine may make the
 * container after the next cco has found none. So the lock of a session that was about to start
 * stays, and for UNMADE_S seconds each cco that sees it looks for the container again. */
enum { UNMADE_S = 60 };

static bool may_still_appear(const struct session_dir_found *f)
{
    return session_dir_is_lost(f) && f->unmade && clock_wall() - f->started < UNMADE_S;
}

/* Ends one session whose process was killed. Does nothing and returns 0 if its lock is held: a
 * process of the session lives after all. */
static int sweep_one(struct session_context *ctx, const struct session_dir_found *f,
                     struct strv *removed, struct err *e)
{
    struct session_dir dir;
    struct session_end s = {
        .name = f->name,
        .project = f->project,
        .outcome = SESSION_FAILED,
        .dir = &dir,
        .killed = true,
    };
    struct err own = {0};

    session_dir_init(&dir);
    if (session_dir_take(&dir, f->runtime_dir, f->name, &own) < 0) {
        session_dir_forget(&dir);
        if (own.kind == ERR_TIMEOUT) {
            return 0;
        }
        *e = own;
        return -1;
    }
    if (may_still_appear(f)) {
        session_dir_mark_unmade(&dir);
    }
    (void)session_end(ctx, &s); /* prints the changes */
    if (s.gone && removed != NULL) {
        strv_add(removed, ctx->arena, f->name);
    }
    if (s.error.kind != ERR_NONE) {
        *e = s.error;
        return -1;
    }
    return 0;
}

int sessions_sweep_dead(struct session_context *ctx, const struct strv *dead,
                        struct strv *removed, struct err *e)
{
    struct session_dir_found *all = NULL;
    size_t count = 0;

    if (runtime_dirs_list(ctx->facts, ctx->arena, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if ((dead != NULL ? strv_has(dead, all[i].lock) : !all[i].has_key) &&
            sweep_one(ctx, &all[i], removed, e) < 0) {
            return -1;
        }
    }
    return 0;
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
    struct err unknown = {0}; /* the error of an engine that could not list its containers */
    size_t count = 0;
    bool lost = false;

    if (runtime_dirs_list(ctx->facts, ctx->arena, &found, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        lost = lost || session_dir_is_lost(&found[i]);
        if (!found[i].alive && found[i].native && !native_session_runs(&found[i])) {
            strv_add(&dead, ctx->arena, found[i].lock);
        }
    }
    if (lost && sessions_find_orphans(ctx, found, count, &orphans, &ended, &unknown) < 0) {
        lost = false;
    }
    for (size_t i = 0; i < ended.count; i++) {
        if (engine_end(ctx->engine, &(struct engine_known){.id = ended.v[i]}, &second) < 0) {
            log_verbose("%s", second.text); /* cco cleanup finds it */
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (lost && session_dir_is_lost(&found[i]) && !is_among(&orphans, found[i].name) &&
            !session_dir_is_of_another(&found[i], ctx->engine->address)) {
            strv_add(&dead, ctx->arena, found[i].lock);
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
