/* SPDX-License-Identifier: MIT */
#include "session/own_image.h"

#include "base/env.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "host/config_dirs.h"
#include "session/registry_login.h"
#include "trust/obeyed.h"
#include "wire/dockerfile.h"

#include <string.h>

enum { CACHE_IMAGES_MAX = 16 };

/* The variables of the host's proxies. They are predefined build arguments, so the Dockerfile
 * needs no ARG for them. */
static const char *const proxy_names[] = {
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
};

static void add_proxies(struct session_context *ctx, struct strv *out)
{
    for (size_t i = 0; i < sizeof(proxy_names) / sizeof(proxy_names[0]); i++) {
        const char *value = env_value(ctx->env, proxy_names[i]);

        if (value != NULL) {
            strv_add(out, ctx->arena, arena_printf(ctx->arena, "%s=%s", proxy_names[i], value));
        }
    }
}

/* Adds the arguments of --build-arg. If a name occurs more than once, the last one counts. The
 * arguments are sorted, because they are part of the image's digest. */
static void add_build_args(struct session_context *ctx, struct strv *out)
{
    const struct strv *l = &ctx->opts->build_args;

    for (size_t i = 0; i < l->count; i++) {
        size_t len = str_index(str_c(l->v[i]), '=') + 1;
        bool again = false;

        for (size_t k = i + 1; k < l->count; k++) {
            again = again || strncmp(l->v[i], l->v[k], len) == 0;
        }
        if (!again) {
            strv_add(out, ctx->arena, l->v[i]);
        }
    }
    strv_sort(out);
}

struct image_input own_image_input(struct session_context *ctx)
{
    struct strv *proxies = arena_alloc(ctx->arena, sizeof(*proxies));
    struct strv *build_args = arena_alloc(ctx->arena, sizeof(*build_args));
    struct strv *cache_from = arena_alloc(ctx->arena, sizeof(*cache_from));
    const struct facts *f = ctx->facts;

    add_proxies(ctx, proxies);
    add_build_args(ctx, build_args);
    return (struct image_input){
        .base = ctx->opts->base != NULL ? ctx->opts->base : f->base,
        .packages = &ctx->opts->packages,
        .build_args = build_args,
        .dockerfile = str_c(ctx->dockerfile),
        .dockerfile_path = ctx->dockerfile_path,
        .ca_files = f->ca_files,
        .ca_count = f->ca_count,
        .exe = f->exe,
        .exe_digest = f->exe_digest,
        .refresh =
            ctx->opts->rebuild ? arena_printf(ctx->arena, "%lld", (long long)f->now_ms) : "",
        .proxies = proxies,
        .cache_from = cache_from,
        .host_network = f->engine.host_network_real,
    };
}

/* Reads the user's Dockerfile into the context, if there is one. */
static int read_dockerfile(struct session_context *ctx, struct err *e)
{
    const struct config_file file = config_file("Dockerfile", ctx->env, ctx->arena);
    const char *path = file.path;
    struct err missing = {0};
    struct buf text;
    int rc = 0;

    if (file.why != NULL) {
        (void)err_set(e, ERR_REFUSED, "%s is not used: %s", path, file.why);
        return err_hint(e, "Or put the Dockerfile itself there, not a link into a project.");
    }
    if (file.physical == NULL) {
        return 0;
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (obeyed_read(file.physical, file.sha256, &text, &missing) < 0) {
        *e = missing;
        rc = missing.kind == ERR_NOT_FOUND ? 0 : -1;
    } else if (memchr(buf_data(&text), '\0', text.len) != NULL ||
               str_trim(buf_str(&text)).len == 0) {
        (void)err_set(e, ERR_REFUSED, "%s: the Dockerfile is empty or binary", path);
        rc = err_hint(e, "Correct it, or remove it: cco has a Dockerfile of its own.");
    } else {
        ctx->dockerfile = arena_str(ctx->arena, buf_str(&text));
        ctx->dockerfile_path = path;
    }
    buf_release(&text);
    return rc;
}

int own_image_identify(struct session_context *ctx, struct err *e)
{
    char *digest = arena_alloc(ctx->arena, SHA256_HEX);
    char *inputs = arena_alloc(ctx->arena, SHA256_HEX);
    struct image_input in;

    if (read_dockerfile(ctx, e) < 0) {
        return -1;
    }
    in = own_image_input(ctx);
    ctx->facts->image_digest = digest;
    ctx->facts->image_inputs = inputs;
    return image_digest(&in, digest, inputs, e);
}

static const char *tag_of(struct session_context *ctx, const char *prefix, const char *digest)
{
    return arena_printf(ctx->arena, "%s%.*s", prefix, ENGINE_TAG_DIGITS, digest);
}

const char *own_image_tag(struct session_context *ctx)
{
    return tag_of(ctx, ENGINE_TAG, ctx->facts->image_digest);
}

/* Returns whether an image has this label with another value. */
static bool is_other(const char *label, const char *want)
{
    return label != NULL && strcmp(label, want) != 0;
}

int own_image_find(struct session_context *ctx, struct err *e)
{
    struct facts *f = ctx->facts;
    const char *loaded;
    struct fact_image image;

    f->image_ref = NULL;
    if (engine_image(ctx->engine, own_image_tag(ctx), ctx->arena, &f->image, e) < 0) {
        return -1;
    }
    if (is_other(f->image.digest, f->image_digest)) {
        f->image = (struct fact_image){0};
    }
    if (f->image.present || ctx->opts->rebuild) {
        return 0;
    }
    loaded = tag_of(ctx, ENGINE_TAG_LOADED, f->image_inputs);
    if (engine_image(ctx->engine, loaded, ctx->arena, &image, e) < 0) {
        return -1;
    }
    if (image.present && image.inputs != NULL && !is_other(image.inputs, f->image_inputs)) {
        f->image = image;
        f->image_ref = loaded;
    }
    return 0;
}

/* Sets in->cache_from to the newest images of cco, whose layers the engine may use again. If
 * they cannot be listed, the image is built without them. */
static void add_cache(struct session_context *ctx, struct image_input *in)
{
    struct err ignored = {0};
    struct engine_image *images = NULL;
    struct strv *out = arena_alloc(ctx->arena, sizeof(*out));
    size_t count = 0;

    if (engine_images(ctx->engine, ctx->arena, &images, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count && i < CACHE_IMAGES_MAX; i++) {
        if (engine_own_tag(images[i].tags.v[0]) != NULL) { /* BuildKit accepts no ids */
            strv_add(out, ctx->arena, images[i].tags.v[0]);
        }
    }
    in->cache_from = out;
}

const char *own_image_keep_old(struct session_context *ctx, const char *tag, const char *id)
{
    const char *digits = strncmp(id, "sha256:", 7) == 0 ? id + 7 : id;
    const char *old = tag_of(ctx, ENGINE_TAG_OLD, digits);
    struct err ignored = {0}; /* without this tag, `docker image prune` removes the image */

    return engine_own_tag(old) != NULL && engine_tag(ctx->engine, tag, old, &ignored) == 0
               ? old
               : NULL;
}

void own_image_drop_old(struct session_context *ctx, const char *old)
{
    struct err ignored = {0}; /* a tag too many does no harm */
    bool deleted = false;

    if (old != NULL) {
        (void)engine_untag(ctx->engine, old, NULL, &deleted, &ignored);
    }
}

static void warn_of_packages(const struct session_context *ctx)
{
    if (ctx->dockerfile != NULL && ctx->opts->packages.count > 0 &&
        !dockerfile_has_arg(str_c(ctx->dockerfile), "PACKAGES")) {
        log_warn("%s has no ARG PACKAGES, so --packages has no effect", ctx->dockerfile_path);
    }
}

/* Pulls the base image if it is missing and there is a login for its registry: BuildKit without
 * a session pulls without a login. */
static int pull_base(struct session_context *ctx, const struct image_input *in,
                     struct progress *progress, struct err *e)
{
    struct fact_image base = {0};
    struct secret auth = {0};
    int rc = engine_image(ctx->engine, in->base, ctx->arena, &base, e);

    if (rc == 0 && !base.present) {
        registry_login(ctx, in->base, &auth);
    }
    if (rc == 0 && auth.len > 0) {
        rc = engine_pull(ctx->engine, in->base, &auth, progress, e);
    }
    secret_release(&auth);
    return rc;
}

int own_image_build(struct session_context *ctx, struct err *e)
{
    struct image_input in = own_image_input(ctx);
    const char *tag = own_image_tag(ctx);
    const char *before = ctx->facts->image.present ? ctx->facts->image.id : NULL;
    const char *after;
    const char *old = NULL;
    int rc;

    warn_of_packages(ctx);
    add_cache(ctx, &in);
    if (before != NULL && ctx->facts->image_ref == NULL) {
        old = own_image_keep_old(ctx, tag, before);
    }
    ctx->progress->begin(ctx->progress, "building the image");
    rc = pull_base(ctx, &in, ctx->progress, e);
    if (rc == 0) {
        rc = engine_build(ctx->engine, &in, tag, ctx->progress, e);
    }
    ctx->progress->end(ctx->progress, rc == 0);
    timing_mark(ctx->timing, "image");
    if (rc == 0) {
        rc = own_image_find(ctx, e);
    }
    if (rc == 0 && !ctx->facts->image.present) {
        rc = err_set(e, ERR_ENGINE,
                     "the engine reports that it built the image, but does not have it");
    }
    after = ctx->facts->image.id;
    if (rc < 0 || (before != NULL && after != NULL && strcmp(before, after) == 0)) {
        own_image_drop_old(ctx, old);
    }
    return rc < 0 ? err_wrap(e, "image %s", tag) : 0;
}

bool own_image_has_tag(const struct engine_image *image, const char *kind)
{
    size_t len = strlen(kind);

    for (size_t i = 0; i < image->tags.count; i++) {
        const char *tag = engine_own_tag(image->tags.v[i]);

        if (tag != NULL && strncmp(tag, kind, len) == 0 &&
            strlen(tag) == len + ENGINE_TAG_DIGITS) {
            return true;
        }
    }
    return false;
}

bool own_image_would_serve(const struct session_context *ctx, const struct engine_image *image)
{
    const struct facts *f = ctx->facts;

    return (image->digest != NULL && strcmp(image->digest, f->image_digest) == 0) ||
           (image->inputs != NULL && strcmp(image->inputs, f->image_inputs) == 0 &&
            own_image_has_tag(image, ENGINE_TAG_LOADED));
}
