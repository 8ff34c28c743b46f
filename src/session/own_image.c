/* SPDX-License-Identifier: MIT */
#include "session/own_image.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/app.h"
#include "cli/progress.h"
#include "host/probe.h"
#include "wire/dockerfile.h"

#include <string.h>

enum { CACHE_IMAGES_MAX = 16 };

/* The proxies of the host, as predefined build arguments (docker build knows them without ARG). */
static const char *const proxy_names[] = {
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
};

static void add_proxies(struct app *app, struct strv *out)
{
    for (size_t i = 0; i < sizeof(proxy_names) / sizeof(proxy_names[0]); i++) {
        const char *value = host_env(app->env, proxy_names[i]);

        if (value != NULL) {
            strv_add(out, &app->arena,
                     arena_printf(&app->arena, "%s=%s", proxy_names[i], value));
        }
    }
}

/* The last of each name counts; in an order of their own. */
static void add_build_args(struct app *app, struct strv *out)
{
    const struct strv *l = &app->opts.build_args;

    for (size_t i = 0; i < l->count; i++) {
        size_t len = str_index(str_c(l->v[i]), '=') + 1;
        bool again = false;

        for (size_t k = i + 1; k < l->count; k++) {
            again = again || strncmp(l->v[i], l->v[k], len) == 0;
        }
        if (!again) {
            strv_add(out, &app->arena, l->v[i]);
        }
    }
    strv_sort(out);
}

struct image_input app_image_input(struct app *app)
{
    struct strv *proxies = arena_alloc(&app->arena, sizeof(*proxies));
    struct strv *build_args = arena_alloc(&app->arena, sizeof(*build_args));
    struct strv *cache_from = arena_alloc(&app->arena, sizeof(*cache_from));
    const struct facts *f = &app->facts;

    add_proxies(app, proxies);
    add_build_args(app, build_args);
    return (struct image_input){
        .base = app->opts.base != NULL ? app->opts.base : f->base,
        .packages = &app->opts.packages,
        .build_args = build_args,
        .dockerfile = str_c(app->dockerfile),
        .dockerfile_path = app->dockerfile_path,
        .ca_files = f->ca_files,
        .ca_count = f->ca_count,
        .exe = f->exe,
        .exe_digest = f->exe_digest,
        .refresh =
            app->opts.rebuild ? arena_printf(&app->arena, "%lld", (long long)f->now_ms) : "",
        .proxies = proxies,
        .cache_from = cache_from,
        .host_network = f->engine.host_network_real,
    };
}

static int read_dockerfile(struct app *app, struct err *e)
{
    bool planted = false;
    const char *path = config_path(app, "Dockerfile", &planted);
    struct err missing = {0};
    struct buf text;
    int rc = 0;

    if (path == NULL || !file_exists(path)) {
        return 0;
    }
    if (planted) {
        (void)err_set(e, ERR_REFUSED,
                      "%s leads through the project: an agent may have written it", path);
        return err_hint(e, "Put the Dockerfile itself there, and no link into a project.");
    }
    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &missing) < 0) {
        *e = missing;
        rc = missing.kind == ERR_NOT_FOUND ? 0 : -1;
    } else if (memchr(buf_data(&text), '\0', text.len) != NULL ||
               str_trim(buf_str(&text)).len == 0) {
        (void)err_set(e, ERR_REFUSED, "%s: this is no Dockerfile", path);
        rc = err_hint(e, "Write one, or remove it: cco has its own.");
    } else {
        app->dockerfile = arena_str(&app->arena, buf_str(&text));
        app->dockerfile_path = path;
    }
    buf_release(&text);
    return rc;
}

int own_image_identify(struct app *app, struct err *e)
{
    char *digest = arena_alloc(&app->arena, SHA256_HEX);
    char *inputs = arena_alloc(&app->arena, SHA256_HEX);
    struct image_input in;

    if (read_dockerfile(app, e) < 0) {
        return -1;
    }
    in = app_image_input(app);
    app->facts.image_digest = digest;
    app->facts.image_inputs = inputs;
    return image_digest(&in, digest, inputs, e);
}

static const char *tag_of(struct app *app, const char *prefix, const char *digest)
{
    return arena_printf(&app->arena, "%s%.*s", prefix, ENGINE_TAG_DIGITS, digest);
}

const char *own_image_tag(struct app *app)
{
    return tag_of(app, ENGINE_TAG, app->facts.image_digest);
}

static bool is_other(const char *label, const char *want)
{
    return label != NULL && strcmp(label, want) != 0;
}

int own_image_find(struct app *app, struct err *e)
{
    struct facts *f = &app->facts;
    const char *loaded;
    struct fact_image image;

    f->image_ref = NULL;
    if (engine_image(&app->engine, own_image_tag(app), &app->arena, &f->image, e) < 0) {
        return -1;
    }
    if (is_other(f->image.digest, f->image_digest)) {
        f->image = (struct fact_image){0};
    }
    if (f->image.present || app->opts.rebuild) {
        return 0;
    }
    loaded = tag_of(app, ENGINE_TAG_LOADED, f->image_inputs);
    if (engine_image(&app->engine, loaded, &app->arena, &image, e) < 0) {
        return -1;
    }
    if (image.present && image.inputs != NULL && !is_other(image.inputs, f->image_inputs)) {
        f->image = image;
        f->image_ref = loaded;
    }
    return 0;
}

/* The newest images of cco's: layers of theirs may serve again. Without a list it is built all the same. */
static void add_cache(struct app *app, struct image_input *in)
{
    struct err ignored = {0};
    struct engine_image *images = NULL;
    struct strv *out = arena_alloc(&app->arena, sizeof(*out));
    size_t count = 0;

    if (engine_images(&app->engine, &app->arena, &images, &count, &ignored) < 0) {
        return;
    }
    for (size_t i = 0; i < count && i < CACHE_IMAGES_MAX; i++) {
        strv_add(out, &app->arena, images[i].tags.v[0]);
    }
    in->cache_from = out;
}

const char *own_image_keep_old(struct app *app, const char *tag, const char *id)
{
    const char *digits = strncmp(id, "sha256:", 7) == 0 ? id + 7 : id;
    const char *old = tag_of(app, ENGINE_TAG_OLD, digits);
    struct err ignored = {
        0}; /* without a name it stays all the same, for the engine's own prune */

    return engine_own_tag(old) != NULL && engine_tag(&app->engine, tag, old, &ignored) == 0
               ? old
               : NULL;
}

void own_image_drop_old(struct app *app, const char *old)
{
    struct err ignored = {0}; /* a name too many is no harm */
    bool deleted = false;

    if (old != NULL) {
        (void)engine_untag(&app->engine, old, NULL, &deleted, &ignored);
    }
}

static void warn_of_packages(const struct app *app)
{
    if (app->dockerfile != NULL && app->opts.packages.count > 0 &&
        !dockerfile_has_arg(str_c(app->dockerfile), "PACKAGES")) {
        log_warn("%s has no ARG PACKAGES: --packages adds nothing to it", app->dockerfile_path);
    }
}

/* BuildKit without a session pulls as nobody: a base that wants a login has to be there. */
static int pull_base(struct app *app, const struct image_input *in, struct progress *progress,
                     struct err *e)
{
    struct fact_image base = {0};
    struct secret auth = {0};
    int rc = engine_image(&app->engine, in->base, &app->arena, &base, e);

    if (rc == 0 && !base.present) {
        registry_login(app, in->base, &auth);
    }
    if (rc == 0 && auth.len > 0) {
        rc = engine_pull(&app->engine, in->base, &auth, progress, e);
    }
    secret_release(&auth);
    return rc;
}

int own_image_build(struct app *app, struct err *e)
{
    struct image_input in = app_image_input(app);
    const char *tag = own_image_tag(app);
    const char *before = app->facts.image.present ? app->facts.image.id : NULL;
    const char *after;
    const char *old = NULL;
    struct view view;
    int rc;

    warn_of_packages(app);
    add_cache(app, &in);
    if (before != NULL && app->facts.image_ref == NULL) {
        old = own_image_keep_old(app, tag, before);
    }
    view_open(&view, "building the image", app->opts.quiet, host_env(app->env, "TERM"));
    rc = pull_base(app, &in, &view.progress, e);
    if (rc == 0) {
        rc = engine_build(&app->engine, &in, tag, &view.progress, e);
    }
    view_close(&view, rc == 0);
    timing_mark(&app->timing, "image");
    if (rc == 0) {
        rc = own_image_find(app, e);
    }
    if (rc == 0 && !app->facts.image.present) {
        rc = err_set(e, ERR_ENGINE, "the engine has built it and does not have it");
    }
    after = app->facts.image.id;
    if (rc < 0 || (before != NULL && after != NULL && strcmp(before, after) == 0)) {
        own_image_drop_old(app, old);
    }
    return rc < 0 ? err_wrap(e, "image %s", tag) : 0;
}
