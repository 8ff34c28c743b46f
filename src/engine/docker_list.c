/* SPDX-License-Identifier: MIT */
/* Lists cco's containers by label (GET /containers/json), and removes a container (DELETE
 * /containers/{id}). README.md, "Containers, volumes and Podman". */
#include "engine/docker.h"
#include "engine/docker_api.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/url.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    ID_DIGITS = 64,
    HALF_GONE_MAX = 64,
    AGAIN_MAX = 3,
    AGAIN_NS = 50000000,
    STATUS_FAILED = 500
};

/* Adds the target of a list of this user's containers. If `id` is not empty, the list has only
 * the container with this id. */
static void filter_target(uint64_t uid, struct str id, const char *path, struct buf *target)
{
    struct buf filter;

    buf_init(&filter, LIMIT_PATH);
    (void)buf_add_byte(&filter, '{'); /* the whole filter is short enough */
    if (id.len > 0) {
        (void)buf_addf(&filter, "\"id\":[\"%.*s\"],", (int)id.len, id.p);
    }
    (void)buf_addf(&filter, "\"label\":[\"" PLAN_LABEL "=1\",\"" PLAN_LABEL_UID "=%llu\"]}",
                   (unsigned long long)uid);
    (void)buf_add_c(target, path);
    (void)url_query(target, "filters", buf_str(&filter));
    buf_release(&filter);
}

static const char *text_of(struct json v, struct arena *a)
{
    const char *s = json_string_dup(v, a);

    return s != NULL ? s : "?";
}

static void read_one(struct json v, struct arena *a, struct engine_found *out)
{
    struct json_iter names = json_iter(json_get(v, "Names"));
    struct json name = {0};
    const char *text;
    int64_t created = 0;

    (void)json_next(&names, NULL, &name);
    text = text_of(name, a);
    (void)json_i64(json_get(v, "Created"), &created);
    *out = (struct engine_found){
        .id = text_of(json_get(v, "Id"), a),
        .name = text[0] == '/' ? text + 1 : text,
        .project = text_of(json_get(json_get(v, "Labels"), PLAN_LABEL_PROJECT), a),
        .state = text_of(json_get(v, "State"), a),
        .status = text_of(json_get(v, "Status"), a),
        .created = created,
    };
}

/* Returns whether a container is not another machine's. On an engine that several machines use,
 * the same uid can belong to different users. */
static bool is_ours(const struct engine *en, struct json v)
{
    struct json owner = json_get(json_get(v, "Labels"), PLAN_LABEL_OWNER);

    return en->owner == NULL || owner.type == JSON_NONE || json_is(owner, en->owner);
}

/* If Podman 4.3 gets the request to remove a container while it works on it, it may keep a
 * record of a container that no longer exists. From then on every list of its Docker-compatible
 * API fails, with an error that names the container. Podman's own API still knows the labels.
 * If they are this user's, removes the record. Returns whether it has removed it. */
static bool remove_half_gone(struct engine *en, uint64_t uid, const struct err *e)
{
    static const char before[] = "container from store \"";
    const char *at = en->podman ? strstr(e->text, before) : NULL;
    struct str id = {0};
    struct err ignored = {0}; /* the error of the list is reported */
    struct buf target;
    struct buf reply;
    struct json root;
    struct json item = {0};
    struct json_iter it;
    bool removed = false;

    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_TEXT);
    if (at == NULL) {
        goto out;
    }
    id = str_n(at + strlen(before), strspn(at + strlen(before), "0123456789abcdef"));
    if (id.len != ID_DIGITS) {
        goto out;
    }
    filter_target(uid, id, "/libpod/containers/json?all=true", &target);
    if (api_get_json(en, buf_c(&target), "list", &reply, &root, &ignored) < 0) {
        goto out;
    }
    it = json_iter(root);
    if (json_next(&it, NULL, &item) && is_ours(en, item)) {
        char copy[ID_DIGITS + 1];

        (void)snprintf(copy, sizeof(copy), "%.*s", (int)id.len, id.p);
        removed = docker_remove_id(en, copy, &ignored) == 0;
    }
out:
    buf_release(&target);
    buf_release(&reply);
    return removed;
}

/* Waits a little and returns true if the list should be requested again. Podman looks up each
 * container after it has listed them, so that a container that is removed meanwhile makes the
 * whole list fail once. */
static bool may_try_again(const struct engine *en, unsigned *again, const struct err *e)
{
    const struct timespec pause = {.tv_nsec = AGAIN_NS};

    if (!en->podman || e->code != STATUS_FAILED || *again == AGAIN_MAX) {
        return false;
    }
    ++*again;
    (void)nanosleep(&pause, NULL);
    return true;
}

int docker_list(struct engine *en, uint64_t uid, struct arena *a, struct engine_found **out,
                size_t *count, struct err *e)
{
    struct buf target;
    struct buf reply;
    struct json root;
    struct json item;
    size_t cap = 0;
    unsigned again = 0;
    int rc = -1;

    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_TEXT);
    filter_target(uid, (struct str){0}, "/containers/json?all=1", &target);
    for (unsigned tries = 0;
         api_get_json(en, buf_c(&target), "list containers", &reply, &root, e) < 0; tries++) {
        if (tries == HALF_GONE_MAX ||
            (!remove_half_gone(en, uid, e) && !may_try_again(en, &again, e))) {
            goto out;
        }
        err_reset(e);
        buf_reset(&reply);
    }
    struct json_iter it = json_iter(root);

    while (json_next(&it, NULL, &item)) {
        if (!is_ours(en, item)) {
            continue;
        }
        *out = list_grow(a, *out, *count, &cap, sizeof(**out));
        read_one(item, a, &(*out)[(*count)++]);
    }
    rc = 0;
out:
    buf_release(&target);
    buf_release(&reply);
    return rc;
}

int docker_remove_id(struct engine *en, const char *id, struct err *e)
{
    char target[LIMIT_NAME + 128];
    struct api_request rq = {.method = "DELETE", .target = target};
    struct buf reply;
    int status = 0;
    int rc;

    (void)snprintf(target, sizeof(target), "/containers/%.*s?force=1&v=1", ENGINE_ID_MAX - 1,
                   id);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    rc = api_call(en, &rq, &reply, &status, e);
    /* 404: it does not exist. 409: "removal of container ... is already in progress". */
    if (rc == 0 && status != 204 && status != 200 && status != 404 && status != 409) {
        rc = api_refused(status, buf_str(&reply), e);
    }
    buf_release(&reply);
    return rc;
}
