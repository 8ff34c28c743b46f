/* SPDX-License-Identifier: MIT */
#include "engine/docker_volume.h"

#include "base/limits.h"
#include "engine/docker_api.h"
#include "wire/json.h"
#include "wire/url.h"

#include <stdio.h>
#include <string.h>

enum { REMOVE_MS = 600000 };
enum {
    HTTP_OK = 200,
    HTTP_CREATED = 201,
    HTTP_GONE = 204,
    HTTP_MISSING = 404,
    HTTP_USED = 409
};

static const char *label_of(struct json volume, const char *name, struct arena *a)
{
    return json_string_dup(json_get(json_get(volume, "Labels"), name), a);
}

/* Writes the body of POST /volumes/create. */
static void describe(const struct volume_make *v, struct buf *out)
{
    struct json_w w;
    char uid[24];

    (void)snprintf(uid, sizeof(uid), "%llu", (unsigned long long)v->uid);
    json_w_init(&w, out, 0);
    json_w_object(&w);
    json_w_member(&w, "Name", v->name);
    json_w_key(&w, "Labels");
    json_w_object(&w);
    json_w_member(&w, PLAN_LABEL, "1");
    json_w_member(&w, PLAN_LABEL_OWNER, v->owner);
    json_w_member(&w, PLAN_LABEL_PROJECT, v->project);
    json_w_member(&w, PLAN_LABEL_UID, uid);
    json_w_member(&w, PLAN_LABEL_MARK, v->random);
    json_w_end(&w);
    json_w_end(&w);
}

static bool is_mark(const char *s)
{
    return s != NULL && s[0] != '\0' && strlen(s) <= VOLUME_MARK_MAX &&
           strspn(s, "0123456789abcdef") == strlen(s);
}

/* Reads the description of an existing volume. After its restart, Docker 20.10 answers POST
 * /volumes/create without the volume's labels, but this description has them. */
static int look(struct engine *en, const char *name, struct buf *reply, struct err *e)
{
    struct buf target;
    int rc;

    buf_init(&target, LIMIT_PATH);
    buf_reset(reply);
    (void)buf_add_c(&target, "/volumes/");
    (void)url_encode(str_c(name), &target); /* fits: the name is short */
    rc = api_get(en, buf_c(&target), reply, e);
    buf_release(&target);
    return rc;
}

static bool has_labels(struct str reply)
{
    struct json root;
    struct err ignored = {0};

    return json_parse(reply, &root, &ignored) == 0 &&
           json_get(root, "Labels").type == JSON_OBJECT;
}

static int read_made(struct str reply, const struct volume_make *v, struct arena *a,
                     const char **mark, struct err *e)
{
    struct json root;
    const char *owner;

    if (json_parse(reply, &root, e) < 0) {
        return -1;
    }
    owner = label_of(root, PLAN_LABEL_OWNER, a);
    *mark = label_of(root, PLAN_LABEL_MARK, a);
    if (owner == NULL || strcmp(owner, v->owner) != 0 || !is_mark(*mark)) {
        (void)err_set(e, ERR_REFUSED, "the engine has a volume of this name that is not cco's");
        return err_hint(e, "Remove it: docker volume rm %s", v->name);
    }
    return 0;
}

int engine_volume_make(struct engine *en, const struct volume_make *v, struct arena *a,
                       const char **mark, struct err *e)
{
    struct api_request rq = {
        .method = "POST", .target = "/volumes/create", .content_type = "application/json"};
    struct buf body;
    struct buf reply;
    int status = 0;
    int rc;

    buf_init(&body, LIMIT_REQUEST);
    buf_init(&reply, LIMIT_JSON_LINE);
    describe(v, &body);
    rq.body = buf_str(&body);
    rc = api_call(en, &rq, &reply, &status, e);
    if (rc == 0) {
        rc = status == HTTP_CREATED || status == HTTP_OK
                 ? 0
                 : api_refused(status, buf_str(&reply), e);
    }
    if (rc == 0 && !has_labels(buf_str(&reply))) {
        rc = look(en, v->name, &reply, e);
    }
    if (rc == 0) {
        rc = read_made(buf_str(&reply), v, a, mark, e);
    }
    buf_release(&body);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "volume %s", v->name) : 0;
}

static void filter_target(const char *owner, struct buf *target)
{
    struct buf filter;

    buf_init(&filter, LIMIT_PATH);
    (void)buf_addf(&filter, "{\"label\":[\"" PLAN_LABEL "=1\",\"" PLAN_LABEL_OWNER "=%s\"]}",
                   owner); /* fits: the owner is short */
    (void)buf_add_c(target, "/volumes");
    (void)url_query(target, "filters", buf_str(&filter));
    buf_release(&filter);
}

int engine_volumes(struct engine *en, const char *owner, struct arena *a,
                   struct engine_volume **out, size_t *count, struct err *e)
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
    filter_target(owner, &target);
    if (api_get_json(en, buf_c(&target), "list volumes", &reply, &root, e) < 0) {
        goto out;
    }
    struct json_iter it = json_iter(json_get(root, "Volumes"));

    while (json_next(&it, NULL, &item)) {
        const char *name = json_string_dup(json_get(item, "Name"), a);
        const char *project = label_of(item, PLAN_LABEL_PROJECT, a);
        const char *mark = label_of(item, PLAN_LABEL_MARK, a);

        if (name == NULL || project == NULL || !is_mark(mark)) {
            continue;
        }
        *out = list_grow(a, *out, *count, &cap, sizeof(**out));
        (*out)[(*count)++] = (struct engine_volume){name, project, mark};
    }
    rc = 0;
out:
    buf_release(&target);
    buf_release(&reply);
    return rc;
}

int engine_volume_remove(struct engine *en, const char *name, struct err *e)
{
    struct api_request rq = {.method = "DELETE"};
    struct engine own = *en; /* with a longer timeout and its own connection */
    struct buf target;
    struct buf reply;
    int status = 0;
    int rc;

    conn_init(&own.conn);
    own.timeout_ms = REMOVE_MS;
    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    (void)buf_add_c(&target, "/volumes/");
    (void)url_encode(str_c(name), &target);
    rq.target = buf_c(&target);
    rc = api_call(&own, &rq, &reply, &status, e);
    conn_close(&own.conn);
    if (rc == 0 && status != HTTP_GONE && status != HTTP_OK && status != HTTP_MISSING) {
        rc = api_refused(status, buf_str(&reply), e);
        if (status == HTTP_USED) {
            e->kind = ERR_REFUSED;
        }
    }
    buf_release(&target);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "volume %s", name) : 0;
}
