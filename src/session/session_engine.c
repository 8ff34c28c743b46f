/* SPDX-License-Identifier: MIT */
#include "session/session_engine.h"

#include "base/env.h"
#include "base/log.h"
#include "base/path.h"
#include "host/config_dirs.h"
#include "host/probe.h"
#include "session/own_image.h"
#include "trust/obeyed.h"

#include <string.h>

/* Overrides whether the engine sees this machine's files, if CCO_ENGINE_FILES is set. */
static int choose_files(struct session_context *ctx, struct err *e)
{
    struct fact_engine *en = &ctx->facts->engine;
    const char *files = env_value(ctx->env, "CCO_ENGINE_FILES");

    if (files == NULL) {
        return 0;
    }
    if (strcmp(files, "local") == 0) {
        en->kind = SANDBOX_LOCAL_CONTAINER;
    } else if (strcmp(files, "remote") == 0) {
        en->kind = SANDBOX_REMOTE_CONTAINER;
        en->remote_why = "CCO_ENGINE_FILES is remote";
    } else {
        (void)err_set(e, ERR_USAGE, "CCO_ENGINE_FILES=%s: expected local or remote", files);
        return err_hint(e, "Unset it.");
    }
    return 0;
}

/* Refuses the directory of DOCKER_CERT_PATH if an agent could have written the certificates in
 * it. */
static int check_certificates(const struct session_context *ctx, struct err *e)
{
    static const char *const names[] = {"", "ca.pem", "cert.pem", "key.pem"};
    const struct facts *f = ctx->facts;
    const char *dir = env_value(ctx->env, "DOCKER_CERT_PATH");

    for (size_t i = 0; dir != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        const char *path =
            path_clean(ctx->arena,
                       path_join(ctx->arena, path_join(ctx->arena, f->project, dir), names[i]));
        const struct obeyed o = obeyed_find(ctx->arena, f->state_dir, f->trees, path);

        if (o.why != NULL) {
            return err_set(e, ERR_REFUSED, "DOCKER_CERT_PATH: %s: %s", path,
                           obeyed_why(ctx->arena, &o));
        }
    }
    return 0;
}

int session_engine_connect(struct session_context *ctx, const struct engine_ops *ops,
                           struct err *e)
{
    const char *why = NULL;
    const char *dir = docker_config_dir(ctx->env, ctx->facts, ctx->arena, &why);
    const struct engine_env env = {
        .env = ctx->env,
        .safe_env = ctx->safe_env,
        .runtime_dir = ctx->facts->runtime_dir,
        .docker_host = env_value(ctx->env, "DOCKER_HOST"),
        .docker_context = env_value(ctx->env, "DOCKER_CONTEXT"),
        .docker_dir = dir,
        .no_docker_dir = why,
        .tls = env_value(ctx->env, "DOCKER_TLS"),
        .tls_verify = env_value(ctx->env, "DOCKER_TLS_VERIFY"),
        .cert_path = env_value(ctx->env, "DOCKER_CERT_PATH"),
        .api_version = env_value(ctx->env, "DOCKER_API_VERSION"),
        .xdg_runtime_dir = env_value(ctx->env, "XDG_RUNTIME_DIR"),
        .home = ctx->facts->home,
        .timeout = env_value(ctx->env, "CCO_ENGINE_TIMEOUT"),
        .insecure = ctx->opts->insecure,
        .subids = ctx->opts->subids,
    };

    ctx->engine->owner = ctx->facts->owner_key;
    if (ops != &native_engine && check_certificates(ctx, e) < 0) {
        return -1;
    }
    if (engine_open(ctx->engine, ops, &env, ctx->sig, ctx->arena, e) < 0 ||
        engine_probe(ctx->engine, ctx->arena, ctx->facts, e) < 0 ||
        ((ops->features & FEATURE_SYNC) != 0 && choose_files(ctx, e) < 0)) {
        return -1;
    }
    if (ops == &native_engine && ctx->opts->engine_by != NULL) {
        ctx->engine->chosen = ctx->opts->engine_by;
    }
    timing_mark(ctx->timing, "engine");
    return 0;
}

void session_engine_native(struct session_context *ctx)
{
    struct err never = {0}; /* the native engine needs no connection, so this cannot fail */

    (void)session_engine_connect(ctx, &native_engine, &never);
    if (ctx->opts->engine == ENGINE_AUTO) {
        ctx->engine->chosen = "no engine answers";
    }
}

bool session_engine_goes_native(const struct session_context *ctx, const struct err *e)
{
    return ctx->opts->engine == ENGINE_AUTO && ctx->engine->chosen != NULL &&
           strcmp(ctx->engine->chosen, ENGINE_BY_FIRST) == 0 && !ctx->engine->ping.done &&
           e->kind != ERR_CANCELED && e->kind != ERR_TIMEOUT;
}

/* Returns whether the command runs a session. */
static bool runs(const struct session_context *ctx)
{
    return ctx->opts->command == CMD_CLAUDE || ctx->opts->command == CMD_SHELL;
}

/* Uses the native engine instead of an engine that could not be connected (*e is the error), if
 * that is allowed; otherwise returns -1. The caller refuses options that need another engine,
 * with the reason in facts->native.no_engine. */
static int do_without(struct session_context *ctx, struct err *e)
{
    struct fact_native *n = &ctx->facts->native;
    const char *address = ctx->engine->address;

    if (ctx->opts->engine == ENGINE_AUTO && runs(ctx) && !session_engine_goes_native(ctx, e)) {
        return e->kind == ERR_CANCELED || e->kind == ERR_USAGE
                   ? -1
                   : err_hint(e, "%s%sTo run without an engine: --engine native.",
                              arena_strdup(ctx->arena, e->hint), e->hint[0] != '\0' ? " " : "");
    }
    if (ctx->opts->engine != ENGINE_AUTO || !runs(ctx)) {
        return -1;
    }
    session_engine_native(ctx);
    n->no_engine = arena_strdup(ctx->arena, e->text);
    n->no_engine_next = e->hint[0] != '\0' ? arena_strdup(ctx->arena, e->hint) : NULL;
    if (e->kind != ERR_NOT_FOUND) { /* an engine's socket exists */
        missing_add(&ctx->facts->missing, ctx->arena,
                    arena_printf(ctx->arena, "engine %s", address),
                    arena_printf(ctx->arena,
                                 "%s. So the session has this machine's own programs and "
                                 "claude; cco info says how to start the engine",
                                 n->no_engine));
    }
    log_verbose("%s\ncco makes the sandbox itself (--engine native).", e->text);
    err_reset(e);
    return 0;
}

int session_engine_open(struct session_context *ctx, struct err *e)
{
    const struct engine_ops *ops = engine_row(ctx->opts->engine);

    /* Only cco's own image has an identity that cco computes. */
    if ((ops->features & FEATURE_IMAGES) != 0 && ctx->opts->image == NULL &&
        own_image_identify(ctx, e) < 0) {
        return -1;
    }
    return session_engine_connect(ctx, ops, e) < 0 ? do_without(ctx, e) : 0;
}

int session_engine_list(struct session_context *ctx, struct engine_found **out, size_t *count,
                        struct err *e)
{
    if (!ctx->engine->probed && session_engine_open(ctx, e) < 0) {
        return -1;
    }
    return engine_list(ctx->engine, ctx->facts->uid, ctx->arena, out, count, e);
}
