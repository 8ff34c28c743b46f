/* SPDX-License-Identifier: MIT */
/* cco's own images: lists them by label and tag, adds and removes tags. */
#include "engine/docker_api_stream.h"
#include "engine/images.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/url.h"

#include <stdlib.h>
#include <string.h>

enum { HTTP_CONFLICT = 409, HTTP_GONE = 404 };

const char *engine_own_tag(const char *tag)
{
    static const char *const before[] = {"localhost/", "docker.io/library/"};
    static const char *const kinds[] = {ENGINE_TAG_LOADED, ENGINE_TAG_FAILED, ENGINE_TAG_OLD,
                                        ENGINE_TAG};

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        if (strncmp(tag, before[i], strlen(before[i])) == 0) {
            tag += strlen(before[i]);
            break;
        }
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t len = strlen(kinds[i]);

        if (strncmp(tag, kinds[i], len) == 0 && strlen(tag) == len + ENGINE_TAG_DIGITS &&
            strspn(tag + len, "0123456789abcdef") == ENGINE_TAG_DIGITS) {
            return tag;
        }
    }
    return NULL;
}

/* Returns whether an image without tags has a name by its digest, so that it was pulled. */
static bool is_pulled(struct json v)
{
    struct json_iter it = json_iter(json_get(v, "RepoDigests"));
    struct json item;
    bool pulled = false;

    while (json_next(&it, NULL, &item)) {
        pulled = pulled || !json_is(item, "<none>@<none>");
    }
    return pulled;
}

/* Reads one image of the list. Returns whether it is an image of cco's. */
static bool read_one(struct json v, struct arena *a, struct engine_image *out)
{
    struct json labels = json_get(v, "Labels");
    struct json_iter it = json_iter(json_get(v, "RepoTags"));
    struct json item;

    *out = (struct engine_image){
        .id = json_string_dup(json_get(v, "Id"), a),
        .digest = json_string_dup(json_get(labels, PLAN_LABEL_DIGEST), a),
        .inputs = json_string_dup(json_get(labels, PLAN_LABEL_INPUTS), a),
        .packages = json_string_dup(json_get(labels, PLAN_LABEL_PACKAGES), a),
    };
    while (json_next(&it, NULL, &item)) {
        const char *tag = json_string_dup(item, a);

        if (tag != NULL && engine_own_tag(tag) != NULL) {
            /* Every engine finds the image by the tag without the prefix. */
            strv_add(&out->tags, a, engine_own_tag(tag));
        } else if (tag != NULL && strcmp(tag, "<none>:<none>") != 0) {
            out->has_others = true;
        }
    }
    (void)json_i64(json_get(v, "Created"), &out->created); /* stays 0 if it is missing */
    (void)json_u64(json_get(v, "Size"), &out->size);
    strv_sort(&out->tags);
    if (out->tags.count == 0 && !out->has_others && out->digest == NULL && out->id != NULL &&
        !is_pulled(v)) {
        strv_add(&out->tags, a, out->id); /* an earlier cco left it untagged */
    }
    return out->id != NULL && out->tags.count > 0 && json_is(json_get(labels, PLAN_LABEL), "1");
}

static int newest_first(const void *a, const void *b)
{
    const struct engine_image *x = a;
    const struct engine_image *y = b;

    return x->created != y->created ? (x->created < y->created ? 1 : -1) : strcmp(x->id, y->id);
}

int engine_images(struct engine *en, struct arena *a, struct engine_image **out, size_t *count,
                  struct err *e)
{
    struct buf target;
    struct buf reply;
    struct json root;
    struct json item;
    size_t cap = 0;
    int rc = -1;

    *out = NULL;
    *count = 0;
    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_TEXT);
    (void)buf_add_c(&target, "/images/json"); /* with the filter it is short enough */
    (void)url_query(&target, "filters", str_c("{\"label\":[\"" PLAN_LABEL "=1\"]}"));
    if (api_get_json(en, buf_c(&target), "list images", &reply, &root, e) < 0) {
        goto out;
    }
    struct json_iter it = json_iter(root);

    while (json_next(&it, NULL, &item)) {
        *out = list_grow(a, *out, *count, &cap, sizeof(**out));
        *count += read_one(item, a, &(*out)[*count]) ? 1U : 0U;
    }
    if (*count > 0) {
        qsort(*out, *count, sizeof(**out), newest_first);
    }
    rc = 0;
out:
    buf_release(&target);
    buf_release(&reply);
    return rc;
}

int engine_tag(struct engine *en, const char *ref, const char *tag, struct err *e)
{
    struct api_request rq = {.method = "POST"};
    struct str name = str_c(tag);
    struct str repo = {0};
    struct buf target;
    struct buf reply;
    int status = 0;
    int rc = -1;

    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    (void)str_cut(&name, ':', &repo);
    api_image_target(ref, "/tag", &target);
    (void)url_query(&target, "repo", repo);
    (void)url_query(&target, "tag", name);
    rq.target = buf_c(&target);
    if (rq.target == NULL) {
        (void)err_set(e, ERR_LIMIT, "the reference is too long");
    } else if (api_call(en, &rq, &reply, &status, e) == 0) {
        rc = status == 201 || status == 200 ? 0 : api_refused(status, buf_str(&reply), e);
    }
    buf_release(&target);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "tag %s", tag) : 0;
}

/* Returns whether the reply to DELETE /images/{tag} says that an image or a layer was deleted,
 * and not only a tag: [{"Untagged":"..."},{"Deleted":"sha256:..."}]. */
static bool has_deleted(struct str text)
{
    struct err ignored = {0};
    struct json root = {0};
    struct json item;

    if (json_parse(text, &root, &ignored) < 0) {
        return false;
    }
    struct json_iter it = json_iter(root);

    while (json_next(&it, NULL, &item)) {
        if (json_get(item, "Deleted").type == JSON_STRING) {
            return true;
        }
    }
    return false;
}

int engine_untag(struct engine *en, const char *tag, struct progress *progress, bool *deleted,
                 struct err *e)
{
    struct api_request rq = {.method = "DELETE"};
    struct buf target;
    struct buf reply;
    int status = 0;
    int rc = -1;

    *deleted = false;
    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_LINE);
    api_image_target(tag, "", &target);
    rq.target = buf_c(&target);
    if (rq.target == NULL) {
        (void)err_set(e, ERR_LIMIT, "the reference is too long");
    } else if (api_stream_ask(en, &rq, progress, &reply, &status, e) == 0) {
        rc = 0;
        *deleted = status == 200 && has_deleted(buf_str(&reply));
        if (status != 200 && status != HTTP_GONE) {
            rc = api_refused(status, buf_str(&reply), e);
            e->kind = status == HTTP_CONFLICT ? ERR_REFUSED : e->kind;
        }
    }
    buf_release(&target);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "remove %s", tag) : 0;
}

int engine_used_images(struct engine *en, struct arena *a, struct strv *out, struct err *e)
{
    struct buf reply;
    struct json root;
    struct json item;
    int rc = -1;

    buf_init(&reply, LIMIT_JSON_TEXT);
    if (api_get_json(en, "/containers/json?all=1", "list containers", &reply, &root, e) == 0) {
        struct json_iter it = json_iter(root);

        while (json_next(&it, NULL, &item)) {
            const char *id = json_string_dup(json_get(item, "ImageID"), a);

            if (id != NULL) {
                strv_add(out, a, id);
            }
        }
        rc = 0;
    }
    buf_release(&reply);
    return rc;
}

int engine_layers_size(struct engine *en, struct progress *progress, uint64_t *out,
                       struct err *e)
{
    const struct api_request rq = {.method = "GET", .target = "/system/df"};
    struct buf reply;
    struct json root;
    int status = 0;
    int rc = -1;

    buf_init(&reply, LIMIT_JSON_TEXT);
    if (api_stream_ask(en, &rq, progress, &reply, &status, e) < 0) {
        goto out;
    }
    if (status != 200) {
        (void)api_refused(status, buf_str(&reply), e);
        goto out;
    }
    if (json_parse(buf_str(&reply), &root, e) == 0) {
        /* API 1.52 added the second name, and 1.53 removed the first one. */
        rc = json_u64(json_get(root, "LayersSize"), out) ||
                     json_u64(json_path(root, "ImagesUsage.TotalSize"), out)
                 ? 0
                 : err_set(e, ERR_FORMAT, "the engine does not report the size of its layers");
    }
out:
    buf_release(&reply);
    return rc;
}
