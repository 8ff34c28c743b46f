/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/log.h"
#include "session/native_sessions.h"
#include "session/runtime_dirs.h"
#include "session/session_engine.h"
#include "session/sessions.h"
#include "term/session_query.h"
#include "wire/frame.h"
#include "wire/json.h"

#include <string.h>

enum { ANSWER_MS = 500 }; /* how long all sessions together may take to answer */

const char *session_state_name(enum session_state state)
{
    static const char *const names[] = {"attached", "detached", "piped", "busy", "orphaned"};

    return names[state];
}

static struct session_found *add(struct session_context *ctx, struct sessions *s,
                                 enum session_state state, const struct session_dir_found *from)
{
    s->items = list_grow(ctx->arena, s->items, s->count, &s->cap, sizeof(*s->items));
    s->items[s->count] = (struct session_found){
        .state = state,
        .name = from->name,
        .lock = from->lock,
        .runtime_dir = from->runtime_dir,
        .project = from->project,
        .engine = from->engine,
        .started = from->started,
    };
    return &s->items[s->count++];
}

static const char *text_of(struct json root, const char *key, struct arena *a)
{
    const char *text = json_string_dup(json_get(root, key), a);

    return text != NULL ? text : "";
}

/* Fills in *f from a session server's answer, which is JSON. */
static void take_answer(struct session_context *ctx, struct session_found *f, struct str text)
{
    struct json root;
    struct err ignored = {0};
    uint64_t started = 0;

    if (json_parse(text, &root, &ignored) < 0) {
        return;
    }
    f->project = text_of(root, "project", ctx->arena);
    f->engine = text_of(root, "engine", ctx->arena);
    (void)json_u64(json_get(root, "started"), &started);
    f->started = (int64_t)started;
    (void)json_u64(json_get(root, "clients"), &f->clients);
    (void)json_u64(json_get(root, "rows"), &f->rows);
    (void)json_u64(json_get(root, "cols"), &f->cols);
    (void)json_u64(json_get(root, "pid"), &f->pid);
    f->state = json_true(json_get(root, "piped")) ? SESSION_PIPED
               : f->clients > 0                   ? SESSION_ATTACHED
                                                  : SESSION_DETACHED;
}

/* Asks all session servers at once, so that several that do not answer take no longer than
 * one. */
static void ask_all(struct session_context *ctx, struct sessions *s)
{
    int *fds = arena_array(ctx->arena, s->count + 1, sizeof(*fds));
    struct err ignored = {0};
    int64_t deadline;

    for (size_t i = 0; i < s->count; i++) {
        fds[i] = s->items[i].sock == NULL ? -1 : session_query_ask(s->items[i].sock, &ignored);
    }
    deadline = clock_ms() + ANSWER_MS;
    for (size_t i = 0; i < s->count; i++) {
        struct buf text;

        buf_init(&text, FRAME_MAX);
        if (fds[i] >= 0 && session_query_answer(fds[i], deadline, &text, &ignored) == 0) {
            take_answer(ctx, &s->items[i], buf_str(&text));
        }
        buf_release(&text);
    }
}

static bool is_running(const struct engine_found *c)
{
    return strcmp(c->state, "running") == 0 || strcmp(c->state, "paused") == 0;
}

/* Returns whether the container has ended, or was never started. Its cco is dead, so no process
 * will start it. */
static bool is_left_over(const struct engine_found *c)
{
    return strcmp(c->state, "exited") == 0 || strcmp(c->state, "created") == 0 ||
           strcmp(c->state, "dead") == 0;
}

/* Copies what identifies the init of a native session. */
static void take_native(struct session_found *f, const struct session_dir_found *from)
{
    if (from->native) {
        f->adopt_sock = from->adopt_sock;
        f->init_pid = from->init_pid;
        f->init_started = from->init_started;
    }
}

int sessions_find_orphans(struct session_context *ctx, const struct session_dir_found *found,
                          size_t count, struct sessions *out, struct strv *ended, struct err *e)
{
    struct engine_found *all = NULL;
    size_t n = 0;

    if (session_engine_list(ctx, &all, &n, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; session_dir_is_lost(&found[i]) && k < n; k++) {
            if (strcmp(all[k].name, found[i].name) != 0) {
                continue;
            }
            if (is_running(&all[k])) {
                struct session_found *f = add(ctx, out, SESSION_ORPHANED, &found[i]);

                f->id = all[k].id;
                f->project = all[k].project;
                f->engine = ctx->engine->address;
                f->started = f->started > 0 ? f->started : all[k].created;
            } else if (ended != NULL && is_left_over(&all[k])) {
                strv_add(ended, ctx->arena, all[k].id);
            }
        }
    }
    return 0;
}

/* Sets out->stray to the first session that another engine has. */
static void note_stray(struct session_context *ctx, const struct session_dir_found *found,
                       size_t count, struct sessions *out)
{
    for (size_t i = 0; i < count && out->stray == NULL; i++) {
        if (session_dir_is_of_another(&found[i], ctx->engine->address)) {
            out->stray = found[i].name;
            out->stray_engine = found[i].engine;
        }
    }
}

int sessions_find(struct session_context *ctx, struct sessions *out, bool *without_engine,
                  struct err *e)
{
    struct session_dir_found *found = NULL;
    struct err engine_error = {0};
    size_t count = 0;
    bool lost = false;

    *out = (struct sessions){0};
    *without_engine = false;
    if (runtime_dirs_list(ctx->facts, ctx->arena, &found, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        bool orphaned = !found[i].alive && native_session_runs(&found[i]);

        lost = lost || session_dir_is_lost(&found[i]);
        if (!found[i].alive && !orphaned) {
            continue;
        }
        struct session_found *f =
            add(ctx, out, orphaned ? SESSION_ORPHANED : SESSION_BUSY, &found[i]);

        take_native(f, &found[i]);
        f->sock = !orphaned && found[i].has_sock ? found[i].sock : NULL;
    }
    ask_all(ctx, out);
    if (lost && sessions_find_orphans(ctx, found, count, out, NULL, &engine_error) < 0) {
        *without_engine = true;
        log_verbose("%s", engine_error.text);
    }
    if (lost) {
        note_stray(ctx, found, count, out);
    }
    return 0;
}

bool sessions_is_here(const struct facts *f, const char *project)
{
    return strcmp(project, f->project) == 0 || strcmp(project, f->cwd_physical) == 0;
}

void sessions_tell(struct session_context *ctx)
{
    struct session_dir_found *found = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (runtime_dirs_list(ctx->facts, ctx->arena, &found, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct session_dir_found *f = &found[i];

        if (sessions_is_here(ctx->facts, f->project) &&
            ((f->has_sock && f->has_key) || !f->alive)) {
            log_info("session %s is still here%s: cco attach %s", f->name,
                     f->alive ? "" : " (its cco was killed)", f->name);
        }
    }
}
