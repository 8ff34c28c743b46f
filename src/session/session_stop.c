/* SPDX-License-Identifier: MIT */
#include "session/session_stop.h"

#include "base/log.h"
#include "session/session_engine.h"
#include "term/session_query.h"

enum { STOP_MS = 30000, BUSY_MS = 3000 };

/* Ends a native session by killing its init, without asking an engine. */
static int end_native(struct session_context *ctx, const struct session_found *f, struct err *e)
{
    const struct engine_known what = {.init_pid = f->init_pid, .init_started = f->init_started};
    struct err ignored = {0};

    if (native_engine.end(NULL, &what, e) < 0) {
        return -1;
    }
    if (sessions_sweep(ctx, &ignored) < 0) {
        log_verbose("%s", ignored.text); /* the next cco sweeps it */
    }
    return 0;
}

/* Ends the session without the help of its own process. */
static int remove_by_name(struct session_context *ctx, const struct session_found *f,
                          struct err *e)
{
    const char *name = f->name;
    struct engine_found *all = NULL;
    size_t count = 0;

    if (f->adopt_sock != NULL) {
        return end_native(ctx, f, e);
    }
    if (session_engine_list(ctx, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(str_c(all[i].name), name) &&
            engine_end(ctx->engine, &(struct engine_known){.id = all[i].id}, e) < 0) {
            return -1;
        }
    }
    return sessions_sweep(ctx, e);
}

int session_stop(struct session_context *ctx, const struct session_found *f, struct err *e)
{
    if (f->sock != NULL &&
        session_query_stop(f->sock, f->state == SESSION_BUSY ? BUSY_MS : STOP_MS, e) == 0) {
        return 0;
    }
    err_reset(e); /* it has no process, or the process does not answer */
    return remove_by_name(ctx, f, e) < 0 ? err_wrap(e, "stop %s", f->name) : 0;
}
