/* SPDX-License-Identifier: MIT */
/* Builds cco's own image: POST /build, with BuildKit if the engine has it (Engine API,
 * ImageBuild; README.md, "Builds").
 *
 * A build reuses the layers of earlier images. The engine's build cache does that as long as it
 * exists. The images of `cachefrom` also do it after the cache was pruned, and after an image
 * was loaded: the classic builder compares the commands that made their layers, and BuildKit
 * reads the cache description that BUILDKIT_INLINE_CACHE wrote into their configuration
 * (observed on 20.10). cco does not send `cachefrom` to engines that would look for these
 * images in registries: Podman, and Docker with images in containerd's store. */
#include "engine/docker_api_stream.h"
#include "engine/image_context.h"
#include "engine/images.h"

#include "base/limits.h"
#include "wire/dockerfile.h"
#include "wire/json.h"
#include "wire/url.h"

#include <stdio.h>
#include <string.h>

enum { TAG_MAX = 64 };

/* One request to build something. */
struct job {
    const struct image_input *in;
    const char *tag;
    bool whole; /* build the image, and not the state before a step that failed */
    bool buildkit;
    char failed_step[PROGRESS_STREAM_NAME_MAX];
};

static void join(const struct strv *l, struct buf *out)
{
    for (size_t i = 0; i < l->count; i++) {
        (void)buf_addf(out, "%s%s", i > 0 ? " " : "", l->v[i]); /* the caller checks */
    }
}

/* Adds a member for each "K=V" of the list. */
static void add_settings(struct json_w *w, const struct strv *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct str value = str_c(l->v[i]);
        struct str name = {0};
        char key[256];

        (void)str_cut(&value, '=', &name);
        if (name.len < sizeof(key)) {
            memcpy(key, name.p, name.len);
            key[name.len] = '\0';
            json_w_key(w, key);
            json_w_str(w, value);
        }
    }
}

/* Adds the query parameter with the build arguments. */
static int add_args(const struct job *j, struct buf *target)
{
    const struct image_input *in = j->in;
    struct buf text;
    struct buf packages;
    struct json_w w;
    int rc = -1;

    buf_init(&text, LIMIT_REQUEST);
    buf_init(&packages, LIMIT_REQUEST);
    join(in->packages, &packages);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    json_w_member(&w, "BASE", in->base);
    json_w_key(&w, "PACKAGES");
    json_w_str(&w, buf_str(&packages));
    json_w_member(&w, "CLAUDE_REFRESH", in->refresh);
    if (j->buildkit) {
        json_w_member(&w, "BUILDKIT_INLINE_CACHE", "1");
    }
    add_settings(&w, in->build_args);
    add_settings(&w, in->proxies);
    json_w_end(&w);
    if (json_done(&w) == 0 && !packages.overflowed) {
        rc = url_query(target, "buildargs", buf_str(&text));
    }
    buf_wipe(&text); /* the address of a proxy may contain a password */
    buf_release(&packages);
    return rc;
}

/* Adds the query parameter with the labels. An image of the user's Dockerfile gets no label
 * about the cco inside, because the Dockerfile need not copy cco into the image. A session then
 * sends cco to the container. */
static int add_labels(const struct job *j, const char *digest, const char *inputs,
                      struct buf *target)
{
    const struct image_input *in = j->in;
    struct buf text;
    struct buf packages;
    struct json_w w;
    int rc = -1;

    buf_init(&text, LIMIT_REQUEST);
    buf_init(&packages, LIMIT_REQUEST);
    join(in->packages, &packages);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    json_w_member(&w, PLAN_LABEL, "1");
    if (j->whole) {
        json_w_member(&w, PLAN_LABEL_DIGEST, digest);
        json_w_member(&w, PLAN_LABEL_INPUTS, inputs);
        json_w_key(&w, PLAN_LABEL_PACKAGES);
        json_w_str(&w, buf_str(&packages));
    }
    if (j->whole && in->dockerfile.p == NULL) {
        json_w_member(&w, PLAN_LABEL_INIT, in->exe_digest);
    }
    json_w_end(&w);
    if (json_done(&w) == 0 && !packages.overflowed) {
        rc = url_query(target, "labels", buf_str(&text));
    }
    buf_release(&text);
    buf_release(&packages);
    return rc;
}

/* Adds the query parameter with the images whose layers may be reused. */
static int add_cache(const struct job *j, struct buf *target)
{
    const struct strv *l = j->in->cache_from;
    struct buf text;
    struct json_w w;
    int rc = 0;

    if (l->count == 0) {
        return 0;
    }
    buf_init(&text, LIMIT_REQUEST);
    json_w_init(&w, &text, 0);
    json_w_array(&w);
    for (size_t i = 0; i < l->count; i++) {
        json_w_c(&w, l->v[i]);
    }
    json_w_end(&w);
    rc = json_done(&w) == 0 ? url_query(target, "cachefrom", buf_str(&text)) : -1;
    buf_release(&text);
    return rc;
}

static int make_target(const struct job *j, const struct engine *en, struct buf *target,
                       struct err *e)
{
    char digest[65];
    char inputs[65];

    if (image_digest(j->in, digest, inputs, e) < 0) {
        return -1;
    }
    (void)buf_add_c(target, "/build?dockerfile=Dockerfile&rm=1&forcerm=1"); /* checked below */
    (void)buf_add_c(target, j->buildkit ? "&version=2" : "&version=1");
    (void)url_query(target, "t", str_c(j->tag));
    if (j->in->host_network) {
        (void)url_query(target, "networkmode", str_c("host"));
    }
    if (add_args(j, target) < 0 || add_labels(j, digest, inputs, target) < 0 ||
        (!en->podman && !en->asks_registries && add_cache(j, target) < 0) ||
        buf_c(target) == NULL) {
        return err_set(e, ERR_LIMIT, "the build's arguments are past the limit of %d bytes",
                       LIMIT_REQUEST);
    }
    return 0;
}

static int send_context(const void *what, struct context_sink *sink, struct err *e)
{
    return context_send(what, sink, e);
}

static int build_once(struct engine *en, struct job *j, struct progress *progress,
                      struct err *e)
{
    struct api_stream_call call = {
        .body = send_context, .what = j->in, .failed_step = j->failed_step};
    struct buf target;
    int rc = -1;

    buf_init(&target, LIMIT_REQUEST);
    if (make_target(j, en, &target, e) == 0) {
        call.target = buf_c(&target);
        rc = api_stream_post(en, &call, progress, e);
    }
    buf_wipe(&target);
    return rc;
}

/* Returns whether an engine refused because its BuildKit is switched off. It has not built
 * anything then. */
static bool lacks_buildkit(const struct err *e)
{
    return e->kind == ERR_ENGINE && (e->code == 400 || e->code == 501) &&
           strstr(e->text, "uildkit") != NULL;
}

/* Builds with BuildKit, or with the classic builder if the engine has no BuildKit. */
static int build(struct engine *en, struct job *j, struct progress *progress, struct err *e)
{
    int rc = build_once(en, j, progress, e);

    if (rc < 0 && j->buildkit && lacks_buildkit(e)) {
        err_reset(e);
        j->buildkit = false;
        rc = build_once(en, j, progress, e);
    }
    return rc;
}

static void no_step(struct progress *p, struct str name, bool cached)
{
    (void)p;
    (void)name;
    (void)cached;
}

static void no_text(struct progress *p, struct str name, struct str text)
{
    (void)p;
    (void)name;
    (void)text;
}

static void no_transfer(struct progress *p, struct str name, uint64_t current, uint64_t total)
{
    (void)p;
    (void)name;
    (void)current;
    (void)total;
}

/* Removes the image that had the tag before a build gave it to another one, unless it has other
 * tags. Nothing of cco's would find it later: an image of the user's that was built on one of
 * cco's has the same labels. The engine refuses if something uses the image. */
static void remove_earlier(struct engine *en, const char *tag, const struct fact_image *earlier,
                           struct arena *a)
{
    struct fact_image now = {0};
    struct fact_image old = {0};
    struct err ignored = {0};
    bool deleted = false;

    if (earlier->present && engine_image(en, tag, a, &now, &ignored) == 0 && now.present &&
        strcmp(now.id, earlier->id) != 0 &&
        engine_image(en, earlier->id, a, &old, &ignored) == 0 && old.present && !old.has_tags) {
        (void)engine_untag(en, earlier->id, NULL, &deleted, &ignored);
    }
}

/* Builds the part of the Dockerfile before the step that failed, and gives it a tag. That takes
 * no time, because all of it is in the build cache. The image that an earlier failed build gave
 * this tag is removed. An error here is ignored, so that the user
 * sees the error of the failed step. */
static void keep_last_good(struct engine *en, const struct job *failed, struct err *e)
{
    struct progress silent = {
        .step = no_step, .done = no_text, .output = no_text, .transfer = no_transfer};
    struct image_input before = *failed->in;
    struct job j = {.in = &before, .buildkit = failed->buildkit};
    struct str text = context_dockerfile(failed->in);
    struct err ignored = {0};
    char digest[65];
    char inputs[65];
    char tag[TAG_MAX];
    struct arena a = {0};
    struct fact_image earlier = {0};

    before.dockerfile = str_n(text.p, dockerfile_before(text, str_c(failed->failed_step)));
    if (before.dockerfile.len == 0 || image_digest(failed->in, digest, inputs, &ignored) < 0) {
        return;
    }
    (void)snprintf(tag, sizeof(tag), ENGINE_TAG_FAILED "%.*s", ENGINE_TAG_DIGITS, digest);
    j.tag = tag;
    (void)engine_image(en, tag, &a, &earlier, &ignored); /* not present after an error */
    err_reset(&ignored);
    if (build(en, &j, &silent, &ignored) == 0) {
        remove_earlier(en, tag, &earlier, &a);
        (void)err_hint(e, "For a shell in the last good layer: cco --image %s shell", tag);
    }
    arena_release(&a);
}

/* Returns whether the step that failed is a mistake in the Dockerfile. Podman parses a step
 * only when it reaches it, and reports such a step like a step that ran and failed. */
static bool is_mistake(const struct err *e)
{
    return strstr(e->text, "Unknown instruction") != NULL;
}

int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e)
{
    struct job j = {.in = in, .tag = tag, .whole = true, .buildkit = en->buildkit};

    if (build(en, &j, progress, e) == 0) {
        return 0;
    }
    if (e->kind == ERR_ENGINE && !is_mistake(e) && j.failed_step[0] != '\0') {
        keep_last_good(en, &j, e);
    }
    if (in->dockerfile.p != NULL) {
        (void)err_wrap(e, "%s", in->dockerfile_path);
    }
    return err_wrap(e, "build");
}
