/* SPDX-License-Identifier: MIT */
#include "session/session_plan.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "session/fallback.h"
#include "session/own_image.h"

#include <string.h>

enum { HTTP_BAD_REQUEST = 400, HTTP_CONFLICT = 409, RANDOM_DIGITS = 16 };

/* The text with which an engine reports a path that it does not find. */
#define NO_SOURCE "bind source path does not exist: "

/* Looks up the plan's image, and sets facts->image. */
static int find_image(struct session_context *ctx, const struct plan *p, struct err *e)
{
    if (plan_is_native(p)) {
        return 0;
    }
    return p->image.own
               ? own_image_find(ctx, e)
               : engine_image(ctx->engine, p->image.ref, ctx->arena, &ctx->facts->image, e);
}

/* Chooses new random digits for the session's name. */
static int choose_name(struct session_context *ctx, struct err *e)
{
    char *digits = arena_alloc(ctx->arena, RANDOM_DIGITS + 1);

    err_reset(e);
    if (random_hex(digits, RANDOM_DIGITS, e) < 0) {
        return -1;
    }
    ctx->facts->random = digits;
    return 0;
}

/* Changes the facts for the reason `why`. */
static int change_facts(struct session_context *ctx, enum session_plan_reason why,
                        const struct plan *p, struct err *e)
{
    switch (why) {
    case SESSION_PLAN_IMAGE:
        return find_image(ctx, p, e);
    case SESSION_PLAN_NAME_TAKEN:
        return choose_name(ctx, e);
    case SESSION_PLAN_NAME_FREE:
        err_reset(e);
        return 0;
    case SESSION_PLAN_REMOTE:
        err_reset(e);
        ctx->facts->engine.kind = SANDBOX_REMOTE_CONTAINER;
        ctx->facts->engine.remote_why = "the engine does not find this machine's files";
        return 0;
    case SESSION_PLAN_LANDLOCK_ONLY:
        return fallback_choose(ctx, e);
    case SESSION_PLAN_DRAFT:
    case SESSION_PLAN_NO_REASON:
        break;
    }
    return 0;
}

int session_plan(struct session_context *ctx, enum session_plan_reason why, struct plan *p,
                 struct err *e)
{
    if (change_facts(ctx, why, p, e) < 0) {
        return -1;
    }
    *p = (struct plan){0};
    return plan_build(ctx->opts, ctx->facts, ctx->arena, p, e) < 0 ||
                   plan_check(p, ctx->facts, e) < 0
               ? -1
               : 0;
}

/* Returns whether the engine does not see this machine's files, although it looked like an
 * engine that does: it reports that a path does not exist, and the path exists here. That
 * happens if the engine runs in a container or a virtual machine of its own. */
static bool misses_our_files(const struct session_context *ctx, const struct err *e)
{
    const char *path = strstr(e->text, NO_SOURCE);

    return ctx->facts->engine.kind != SANDBOX_REMOTE_CONTAINER && e->kind == ERR_ENGINE &&
           e->code == HTTP_BAD_REQUEST && path != NULL &&
           file_exists(path + sizeof(NO_SOURCE) - 1);
}

enum session_plan_reason session_plan_why_again(const struct session_context *ctx,
                                                const struct plan *p, const struct err *e)
{
    if (misses_our_files(ctx, e)) {
        return SESSION_PLAN_REMOTE;
    }
    if (e->kind == ERR_ENGINE && e->code == HTTP_CONFLICT && ctx->opts->name == NULL) {
        return SESSION_PLAN_NAME_TAKEN;
    }
    return fallback_is_due(p, e) ? SESSION_PLAN_LANDLOCK_ONLY : SESSION_PLAN_NO_REASON;
}

void session_plan_warn(const struct plan *p, const struct strv *told)
{
    for (size_t i = 0; i < p->warnings.count; i++) {
        if (!strv_has(told, p->warnings.v[i])) {
            log_warn("%s", p->warnings.v[i]);
        }
    }
}
