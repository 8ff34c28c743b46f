/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "host/probe.h"
#include "session/session_attach.h"
#include "session/session_end.h"
#include "session/session_serve.h"

/* Connects with the sandbox. For a native session, the native engine replaces the engine that
 * was found before. */
static struct sandbox *find_sandbox(struct session_context *ctx, const struct session_found *f,
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
        engine_open(ctx->engine, &native_engine, &(struct engine_env){0}, ctx->sig, ctx->arena,
                    e) < 0) {
        return NULL;
    }
    return engine_adopt(ctx->engine, &what, e);
}

int session_adopt(struct session_context *ctx, const struct session_found *f, bool *taken,
                  struct err *e)
{
    struct session_dir dir;
    struct remote_files remote = {0};
    struct session_serve serve = {
        .ctx = ctx,
        .dir = &dir,
        .name = f->name,
        .project = f->project,
        .tty = true,
        .background = ctx->opts->wait,
        .adopted = true,
        .read_only = ctx->opts->read_only,
    };
    struct session_end s = {
        .name = f->name, .project = f->project, .dir = &dir, .adopted = true};
    struct err ignored = {0};
    struct buf key;
    bool is_remote;
    int status = -1;

    session_dir_init(&dir);
    buf_init(&key, LIMIT_PATH);
    if (session_dir_adopt(&dir, f->runtime_dir, f->name, &key, e) == 0) {
        s.sandbox = find_sandbox(ctx, f, buf_c(&key), e);
    }
    *taken = dir.dir == NULL && e->kind == ERR_TIMEOUT;
    buf_wipe(&key);
    if (s.sandbox == NULL) {
        session_dir_forget(&dir); /* the session is unchanged: a later cco may adopt it */
        return -1;
    }
    serve.session = s.sandbox->session;
    is_remote = remote_note_read(dir.dir, ctx->arena, &remote, &ignored) == 1;
    serve.safe_terminal =
        ctx->opts->terminal == OPTS_TERMINAL_SAFE || session_dir_safe_terminal(dir.dir);
    status = session_serve(&serve, e);
    s.outcome = serve.outcome;
    s.remote = is_remote ? &remote : NULL;
    s.kept = ctx->engine->live_restore;
    s.returned_file = buf_str(&serve.returned_file);
    s.returned_copies = buf_str(&serve.returned_copies);
    s.background = serve.served;
    s.seen = serve.end_is_seen;
    status = session_end_status(ctx, &s, session_end(ctx, &s), status);
    session_serve_release(&serve);
    return status;
}
