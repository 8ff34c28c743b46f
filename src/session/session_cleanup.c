/* SPDX-License-Identifier: MIT */
#include "session/session_cleanup.h"

#include "base/clock.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "session/cleanup_files.h"
#include "session/native_sessions.h"
#include "session/runtime_dirs.h"
#include "session/session_engine.h"
#include "session/session_stop.h"
#include "session/sessions.h"

#include <string.h>

enum { STARTING_S = 120, STOP_MS = 15000 };

/* Keeps the first error and prints the others. */
static void note_error(struct session_cleanup *c, const struct err *e)
{
    if (c->first.kind == ERR_NONE) {
        c->first = *e;
    } else {
        log_error("%s", e->text);
    }
}

static bool is_running(const struct engine_found *f)
{
    return strcmp(f->state, "running") == 0 || strcmp(f->state, "paused") == 0 ||
           strcmp(f->state, "restarting") == 0;
}

/* Returns whether a process of the session lives. Looks also in the directories that cco uses
 * in other environments of this user, because the user may have had another state directory
 * there. */
static bool is_alive(struct session_cleanup *c, const char *name)
{
    const unsigned long long uid = c->ctx->facts->uid;
    struct arena *a = c->ctx->arena;
    bool alive = false;

    if (!plan_name_is_valid(str_c(name))) {
        return false;
    }
    for (size_t i = 0; i < c->dirs.count && !alive; i++) {
        alive = session_dir_is_alive(c->dirs.v[i], name);
    }
    return alive || session_dir_is_alive(arena_printf(a, "/tmp/cco-%llu", uid), name) ||
           session_dir_is_alive(arena_printf(a, "/run/user/%llu/cco", uid), name);
}

/* Returns whether a session of this name exists whose process is dead. */
static bool is_dead(const struct session_cleanup *c, const char *name)
{
    for (size_t i = 0; i < c->session_count; i++) {
        if (!c->sessions[i].alive && strcmp(c->sessions[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the first state of a container. The lock must be checked after the container was
 * found, because a session takes its lock before it makes a container. A container that was
 * created a moment ago (STARTING_S) is left alone, because it may belong to a session whose
 * lock is in a directory that is not known here. */
static enum cleanup_fate fate_of(struct session_cleanup *c, const struct engine_found *f)
{
    bool is_new = strcmp(f->state, "created") == 0 && clock_wall() - f->created < STARTING_S;

    if (is_running(f)) {
        return CLEANUP_RUNS;
    }
    if (is_alive(c, f->name) || strcmp(f->state, "removing") == 0) {
        return CLEANUP_LEAVE;
    }
    return is_new && !is_dead(c, f->name) ? CLEANUP_LEAVE : CLEANUP_REMOVE;
}

/* Lists the containers of the engine. Returns 0 without a list if this machine has no engine
 * and none is needed. */
static int ask_engine(struct session_cleanup *c, struct err *e)
{
    struct session_context *ctx = c->ctx;
    const struct engine_ops *ops = engine_row(ctx->opts->engine);

    if (ops->list == NULL) {
        return 0; /* this engine keeps no list; native_sessions_add() finds its sandboxes */
    }
    if (session_engine_connect(ctx, ops, e) < 0) {
        if (!session_engine_goes_native(ctx, e) ||
            native_sessions_need_engine(c->sessions, c->session_count)) {
            return -1;
        }
        log_verbose("%s", e->text);
        err_reset(e);
        return 0;
    }
    if (engine_list(ctx->engine, ctx->facts->uid, ctx->arena, &c->containers, &c->count, e) <
        0) {
        return -1;
    }
    c->has_engine = true;
    return 0;
}

/* Returns whether this process can find out whether the sandbox of the session runs. */
static bool can_tell(const struct session_cleanup *c, const struct session_dir_found *s)
{
    return s->native ||
           (c->has_engine && !session_dir_is_of_another(s, c->ctx->engine->address));
}

/* Returns whether the session has lost its process, and may run on an engine that was not
 * asked. */
static bool can_be_adopted(const struct session_cleanup *c, const struct session_dir_found *s)
{
    return !s->alive && s->has_key && !can_tell(c, s);
}

static void add_left(struct session_cleanup *c, struct cleanup_left one)
{
    c->left =
        list_grow(c->ctx->arena, c->left, c->left_count, &c->left_cap, sizeof(c->left[0]));
    c->left[c->left_count++] = one;
}

static void note_unknown(struct session_cleanup *c)
{
    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];

        if (can_be_adopted(c, s)) {
            add_left(c, (struct cleanup_left){s->name, s->project, s->engine,
                                              CLEANUP_ENGINE_UNKNOWN});
        }
    }
}

int session_cleanup_look(struct session_cleanup *c, struct session_context *ctx, struct err *e)
{
    struct err own = {0};

    *c = (struct session_cleanup){.ctx = ctx};
    if (runtime_dirs_list(ctx->facts, ctx->arena, &c->sessions, &c->session_count, e) < 0) {
        return -1;
    }
    c->dirs = runtime_dirs(ctx->facts, ctx->arena);
    if (ask_engine(c, &own) < 0) {
        note_error(c, &own); /* the files can be found without an engine */
    }

    native_sessions_add(c->ctx->arena, c->sessions, c->session_count, &c->containers,
                        &c->count);
    c->fates = arena_array(c->ctx->arena, c->count + 1, sizeof(c->fates[0]));
    for (size_t i = 0; i < c->count; i++) {
        c->fates[i] = fate_of(c, &c->containers[i]);
        c->running += c->fates[i] == CLEANUP_RUNS ? 1U : 0U;
    }
    note_unknown(c);
    return 0;
}

/* Asks the session's own cco to end it, as `cco stop` does; that cco then cleans up. Returns
 * false if none exists or it does not answer. With --dry-run only finds out whether there is
 * one. */
static bool stop_gently(struct session_cleanup *c, const char *name)
{
    struct err ignored = {0};

    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];

        if (strcmp(s->name, name) == 0 && s->alive && s->has_sock) {
            return c->ctx->opts->dry_run ||
                   session_stop_gently(name, s->sock, s->lock, STOP_MS, &ignored) == 0;
        }
    }
    return false;
}

/* Ends one sandbox and removes its container; with --dry-run only records that. */
static void end_one(struct session_cleanup *c, size_t at)
{
    const struct engine_found *f = &c->containers[at];
    bool stopped = c->fates[at] == CLEANUP_RUNS && stop_gently(c, f->name);
    struct err e = {0};
    int rc = 0;

    if (!stopped && !c->ctx->opts->dry_run) {
        rc = f->id == NULL
                 ? native_session_end(c->sessions, c->session_count, f->name, &e)
                 : engine_end(c->ctx->engine, &(struct engine_known){.id = f->id}, &e);
    }
    if (rc < 0) {
        (void)err_wrap(&e, "remove %s", f->name);
        note_error(c, &e);
        return;
    }
    c->fates[at] = CLEANUP_GONE;
    if (stopped || f->id == NULL) {
        strv_add(&c->stopped, c->ctx->arena, f->name);
        c->fates[at] = CLEANUP_LEAVE;
    }
}

static void end_containers(struct session_cleanup *c, bool stops)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == CLEANUP_REMOVE || (c->fates[i] == CLEANUP_RUNS && stops)) {
            end_one(c, i);
        }
    }
}

static bool runs(const struct session_cleanup *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->fates[i] == CLEANUP_RUNS && strcmp(c->containers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the locks of the sessions whose files can be removed: their process was dead before
 * the containers were listed, and their sandbox does not run. If it is not known whether it
 * runs, only sessions that cannot be adopted are included. With --dry-run records their
 * names. */
static struct strv find_dead(struct session_cleanup *c)
{
    struct strv locks = {0};

    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];

        if (!s->alive && (can_tell(c, s) ? !runs(c, s->name) : !s->has_key)) {
            strv_add(&locks, c->ctx->arena, s->lock);
            if (c->ctx->opts->dry_run) {
                strv_add(&c->swept, c->ctx->arena, s->name);
            }
        }
    }
    return locks;
}

static void sweep_files(struct session_cleanup *c)
{
    struct session_context *ctx = c->ctx;
    struct strv dead = find_dead(c);
    struct err e = {0};

    if (!ctx->opts->dry_run && sessions_sweep_dead(ctx, &dead, &c->swept, &e) < 0) {
        note_error(c, &e);
    }
    for (size_t i = 0; i < c->dirs.count; i++) {
        err_reset(&e);
        if (session_dir_strays(c->dirs.v[i], !ctx->opts->dry_run, ctx->arena, &c->files, &e) <
            0) {
            note_error(c, &e);
        }
    }
    cleanup_temps(ctx->facts, !ctx->opts->dry_run, ctx->arena, &c->files);
}

/* Returns whether the session `name` was ended or removed, or is in the list already. */
static bool is_done(const struct session_cleanup *c, const char *name)
{
    bool done = strv_has(&c->stopped, name) || strv_has(&c->swept, name);

    for (size_t i = 0; i < c->count && !done; i++) {
        done = c->fates[i] == CLEANUP_GONE && strcmp(c->containers[i].name, name) == 0;
    }
    for (size_t i = 0; i < c->left_count && !done; i++) {
        done = strcmp(c->left[i].name, name) == 0;
    }
    return done;
}

static enum cleanup_reason reason_of(struct session_cleanup *c, size_t at)
{
    const struct engine_found *f = &c->containers[at];

    if (c->fates[at] == CLEANUP_RUNS) {
        return CLEANUP_IT_RUNS;
    }
    if (strcmp(f->state, "removing") == 0) {
        return CLEANUP_BEING_REMOVED;
    }
    return is_alive(c, f->name) ? CLEANUP_PROCESS_LIVES : CLEANUP_MAY_START;
}

/* Records which other sessions were left alone, and why. */
static void note_left(struct session_cleanup *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct engine_found *f = &c->containers[i];

        if ((c->fates[i] == CLEANUP_RUNS || c->fates[i] == CLEANUP_LEAVE) &&
            !is_done(c, f->name)) {
            add_left(c, (struct cleanup_left){f->name, f->project, "", reason_of(c, i)});
        }
    }
    for (size_t i = 0; i < c->session_count; i++) {
        const struct session_dir_found *s = &c->sessions[i];

        if (!is_done(c, s->name) && file_is_locked(s->lock)) {
            add_left(c, (struct cleanup_left){s->name, s->project, "", CLEANUP_PROCESS_LIVES});
        }
    }
}

const char *session_cleanup_why(enum cleanup_reason why, const char *engine, struct arena *a)
{
    static const char *const texts[] = {
        [CLEANUP_IT_RUNS] = "it runs",
        [CLEANUP_PROCESS_LIVES] = "its cco still runs",
        [CLEANUP_BEING_REMOVED] = "its engine is removing it",
        [CLEANUP_MAY_START] =
            "it was created less than two minutes ago and may be about to start",
        [CLEANUP_ENGINE_UNKNOWN] = "only its engine knows whether it runs",
    };

    return engine[0] == '\0' ? texts[why] : arena_printf(a, "%s: %s", texts[why], engine);
}

/* With --all removes the caches, unless a session is left that may use them. */
static void sweep_caches(struct session_cleanup *c)
{
    const struct opts *o = c->ctx->opts;
    const bool remove = o->all && c->left_count == 0;
    struct strv found = {0};
    struct err e = {0};

    if (cleanup_caches(c->ctx->facts, remove && !o->dry_run, c->ctx->arena, &found, &e) < 0) {
        note_error(c, &e);
    }
    for (size_t i = 0; i < found.count && remove; i++) {
        strv_add(&c->files, c->ctx->arena, found.v[i]);
    }
    c->caches = remove ? 0 : found.count;
}

void session_cleanup_do(struct session_cleanup *c, bool stops)
{
    end_containers(c, stops);
    sweep_files(c);
    note_left(c);
    sweep_caches(c);
}
