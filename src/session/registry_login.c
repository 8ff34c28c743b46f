/* SPDX-License-Identifier: MIT */
#include "session/registry_login.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "engine/image_registry.h"
#include "host/config_dirs.h"
#include "trust/obeyed.h"

enum { HELPER_MS = 30000, SAID_MAX = 400, REPLY_MAX = 64 << 10 };

/* Returns the path of Docker's configuration file, and NULL if none exists or it cannot be
 * trusted. */
static const char *docker_config(struct session_context *ctx)
{
    const char *why = NULL;
    const char *dir = docker_config_dir(ctx->env, ctx->facts, ctx->arena, &why);
    const char *path = dir != NULL ? path_join(ctx->arena, dir, "config.json") : NULL;

    if (why != NULL) {
        log_warn("the logins of Docker's command line are not used: %s", why);
    }
    return path != NULL && file_exists(path) ? path : NULL;
}

/* Runs the credential helper for the registry `name`. *out stays empty if it has no login. */
static int ask_helper(struct session_context *ctx, const char *helper, const char *name,
                      struct secret *out, struct err *e)
{
    const char *const argv[] = {helper, "get", NULL};
    struct buf reply;
    struct buf said;
    struct proc p = {
        .program = proc_find(helper, ctx->env, ctx->arena),
        .argv = argv,
        .env = ctx->safe_env,
        .sig = ctx->sig,
        .in = str_c(name),
        .out = &reply,
        .err = &said,
        .secret = true,
        .deadline_ms = clock_ms() + HELPER_MS,
    };
    struct obeyed o;
    int status = 0;
    int rc;

    if (p.program == NULL) {
        return err_set(e, ERR_NOT_FOUND, "%s is not in PATH", helper);
    }
    o = obeyed_find(ctx->arena, ctx->facts->state_dir, ctx->facts->trees, p.program);
    if (o.why != NULL) {
        return err_set(e, ERR_REFUSED, "%s: %s", p.program, o.why);
    }
    buf_init(&reply, REPLY_MAX);
    buf_init(&said, SAID_MAX);
    rc = proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        /* Without a login for this registry, helpers print "credentials not found in
         * native keychain" on stdout. */
        if (!str_contains(buf_str(&reply), "not found")) {
            struct str text = str_trim(buf_str(said.len > 0 ? &said : &reply));

            rc = err_set(e, ERR_REFUSED, "%s: exit status %d: %.*s", helper, status,
                         (int)(text.len < SAID_MAX ? text.len : SAID_MAX), text.p);
        }
    } else if (rc == 0) {
        rc = registry_helper_said(buf_str(&reply), name, out, e);
        rc = rc < 0 ? err_wrap(e, "%s", helper) : 0;
    }
    buf_wipe(&reply);
    buf_release(&said);
    return rc;
}

void registry_login(struct session_context *ctx, const char *ref, struct secret *out)
{
    const char *path = docker_config(ctx);
    const char *name = registry_name(ref, ctx->arena);
    const char *helper = NULL;
    struct err e = {0};
    struct buf text;

    if (path == NULL) {
        return;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &e) < 0 ||
        registry_look_up(buf_str(&text), name, ctx->arena, &helper, out, &e) < 0) {
        (void)err_wrap(&e, "%s", path);
    } else if (helper != NULL) {
        (void)ask_helper(ctx, helper, name, out, &e); /* e is printed below */
    }
    if (e.kind != ERR_NONE) {
        log_warn("the login for %s cannot be used: %s", name, e.text);
    }
    buf_wipe(&text);
}
