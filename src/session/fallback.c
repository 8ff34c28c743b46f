/* SPDX-License-Identifier: MIT */
#include "session/fallback.h"

#include "base/log.h"
#include "confine/landlock.h"
#include "host/probe.h"
#include "native/native_probe.h"
#include "native/userns_error.h"
#include "session/session_context.h"

bool fallback_is_due(const struct plan *p, const struct err *e)
{
    return plan_is_native(p) && p->kind != SANDBOX_LANDLOCK_ONLY && e->kind == ERR_REFUSED &&
           e->code != USERNS_ERROR_NONE;
}

/* Adds a hint about what would make the full sandbox possible. Returns -1. */
static int hint(struct err *e, const struct userns_error *r)
{
    return r->next != NULL ? err_hint(e, "To change that: %s", r->next)
                           : err_hint(e, "Use a Docker engine: --engine docker");
}

/* Adapts the facts to a sandbox without mounts and so without idmap: each file that not every
 * user may read has to be hidden by itself. */
static void unmask(struct session_context *ctx)
{
    struct fact_native *n = &ctx->facts->native;

    for (size_t i = 0; i < n->top_count; i++) {
        n->tops[i].idmapped = false;
    }
    if (n->hidden_count == 0) {
        host_native_hide(ctx->arena, ctx->facts);
    }
}

int fallback_choose(struct session_context *ctx, struct err *e)
{
    struct fact_native *n = &ctx->facts->native;
    struct userns_error r = {0};

    userns_error_explain(e, "", ctx->arena, &r);
    n->landlock_abi = (unsigned)landlock_abi();
    if (n->landlock_abi == 0) {
        (void)err_set(
            e, ERR_REFUSED,
            "no sandbox can be made: this machine allows no namespaces (%s), and has no "
            "Landlock either",
            r.why);
        return hint(e, &r);
    }
    if (ctx->opts->require_full) {
        (void)err_set(e, ERR_REFUSED, "--require full: this machine allows no namespaces (%s)",
                      r.why);
        return hint(e, &r);
    }
    n->no_namespaces = r.why;
    unmask(ctx);
    err_reset(e);
    return 0;
}

int fallback_foresee(struct session_context *ctx, struct err *e)
{
    if (ctx->facts->engine.kind != SANDBOX_NATIVE ||
        native_probe_namespaces(ctx->opts->network == NETWORK_NONE, e) == 0) {
        return 0;
    }
    if (e->kind == ERR_REFUSED && e->code != USERNS_ERROR_NONE) {
        return fallback_choose(ctx, e);
    }
    log_warn("a session would not start: %s", e->text);
    err_reset(e);
    return 0;
}
