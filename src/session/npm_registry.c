/* SPDX-License-Identifier: MIT */
#include "session/npm_registry.h"

#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/log.h"
#include "base/path.h"
#include "trust/obeyed.h"
#include "wire/npm_config.h"

#include <string.h>

enum { HEADER_MAX = 16 << 10, FILES_MAX = 4 };

#define SCOPE "@anthropic-ai"

/* The search for the values and the login. */
struct reader {
    struct session_context *ctx;
    struct npm_config config;
    struct buf texts[FILES_MAX]; /* of the files; may contain logins */
    size_t count;
};

/* Reads a file, if it exists. */
static void read_file(struct reader *r, const char *path)
{
    struct session_context *ctx = r->ctx;
    struct obeyed o = obeyed_find(ctx->arena, ctx->facts->state_dir, ctx->facts->trees, path);
    struct buf *text = &r->texts[r->count];
    struct err e = {0};

    if (o.physical == NULL) {
        return;
    }
    if (o.why != NULL) {
        log_warn("%s is not used: %s", path, obeyed_why(ctx->arena, &o));
        return;
    }
    buf_init(text, LIMIT_FILE_SMALL);
    (void)buf_reserve(text, LIMIT_FILE_SMALL); /* at once, because it may contain a secret */
    if (obeyed_read(o.physical, o.sha256, text, &e) < 0) {
        log_verbose("%s is not used: %s", path, e.text);
        buf_wipe(text);
        return;
    }
    r->count++;
    npm_config_file(&r->config, buf_str(text), ctx->env, ctx->arena);
}

static void read_all(struct reader *r)
{
    static const char *const of_system[] = {"/etc/npmrc", "/usr/local/etc/npmrc"};
    struct session_context *ctx = r->ctx;
    const char *user = env_value(ctx->env, "npm_config_userconfig");

    user = user != NULL ? user : env_value(ctx->env, "NPM_CONFIG_USERCONFIG");
    if (user == NULL || user[0] != '/') {
        user = path_join(ctx->arena, ctx->facts->home, ".npmrc");
    }
    npm_config_variables(&r->config, ctx->env, ctx->arena);
    read_file(r, user);
    for (size_t i = 0; i < sizeof(of_system) / sizeof(of_system[0]); i++) {
        read_file(r, of_system[i]);
    }
}

/* Returns the environment with the proxies of npm's configuration in front, because the first
 * of two variables counts (base/env.h). */
static char *const *with_proxies(const struct npm_config *c, struct session_context *ctx)
{
    const char *proxy = c->https_proxy != NULL ? c->https_proxy : c->proxy;
    size_t count = 0;
    size_t at = 0;
    char **out;

    while (ctx->env[count] != NULL) {
        count++;
    }
    out = arena_array(ctx->arena, count + 3, sizeof(*out));
    if (proxy != NULL) {
        out[at++] = arena_printf(ctx->arena, "HTTPS_PROXY=%s", proxy);
    }
    if (c->noproxy != NULL) {
        out[at++] = arena_printf(ctx->arena, "NO_PROXY=%s", c->noproxy);
    }
    memcpy(out + at, ctx->env, count * sizeof(*out));
    return out;
}

static int find_ca_file(struct session_context *ctx, const char *path, const char **out,
                        struct err *e)
{
    struct obeyed o;

    if (path == NULL) {
        return 0;
    }
    path = path[0] == '/' ? path : path_join(ctx->arena, ctx->facts->home, path);
    o = obeyed_find(ctx->arena, ctx->facts->state_dir, ctx->facts->trees, path);
    if (o.why != NULL) {
        return err_set(e, ERR_REFUSED, "cafile of npm's configuration: %s: %s", path,
                       obeyed_why(ctx->arena, &o));
    }
    *out = o.physical != NULL ? o.physical : path;
    return 0;
}

static void find_login(const struct reader *r, struct npm_registry *out)
{
    bool found = false;
    struct buf field;

    for (size_t i = 0; !found && i < r->count; i++) {
        buf_init(&field, HEADER_MAX);
        (void)buf_reserve(&field, HEADER_MAX);
        found = buf_add_c(&field, "Authorization: ") == 0 &&
                npm_config_login(buf_str(&r->texts[i]), r->ctx->env, &out->url, &field);
        if (found) {
            secret_set(&out->authorization, buf_str(&field));
        }
        buf_wipe(&field);
    }
}

int npm_registry_find(struct session_context *ctx, struct npm_registry *out, struct err *e)
{
    struct reader r = {.ctx = ctx, .config = {.scope = SCOPE}};
    int rc = -1;

    *out = (struct npm_registry){.env = ctx->env};
    read_all(&r);
    out->env = with_proxies(&r.config, ctx);
    if (url_parse_web(str_c(npm_config_registry(&r.config, ctx->arena)), ctx->arena, &out->url,
                      e) < 0) {
        (void)err_wrap(e, "the registry of npm's configuration");
    } else if (find_ca_file(ctx, r.config.cafile, &out->ca_file, e) == 0) {
        find_login(&r, out);
        out->shown = url_server(&out->url, ctx->arena);
        rc = 0;
    }
    for (size_t i = 0; i < r.count; i++) {
        buf_wipe(&r.texts[i]);
    }
    return rc;
}

bool npm_registry_is_npms(const struct npm_registry *r)
{
    return strcmp(r->url.host, "registry.npmjs.org") == 0;
}

void npm_registry_release(struct npm_registry *r)
{
    secret_release(&r->authorization);
}
