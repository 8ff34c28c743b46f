/* SPDX-License-Identifier: MIT */
/* Describes an image: GET /images/{ref}/json. */
#include "engine/docker_api.h"
#include "engine/images.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/timestamp.h"

#include <string.h>

/* Returns the value of PATH in the image's configuration, and NULL if it has none. */
static const char *path_of(struct json config, struct arena *a)
{
    struct json_iter it = json_iter(json_get(config, "Env"));
    struct json item;

    while (json_next(&it, NULL, &item)) {
        const char *text = json_string_dup(item, a);

        if (text != NULL && strncmp(text, "PATH=", 5) == 0) {
            return text + 5;
        }
    }
    return NULL;
}

/* Returns the time in seconds since 1970, and 0 if it is unknown. Builders that write no time
 * write the year 1. */
static int64_t time_of(struct json v, struct arena *a)
{
    const char *text = json_string_dup(v, a);
    int64_t seconds = 0;

    return text != NULL && timestamp_read(str_c(text), &seconds) && seconds > 0 ? seconds : 0;
}

static bool has_tags(struct json v, struct arena *a)
{
    struct json_iter it = json_iter(v);
    struct json item;

    while (json_next(&it, NULL, &item)) {
        const char *tag = json_string_dup(item, a);

        if (tag != NULL && strcmp(tag, "<none>:<none>") != 0) {
            return true;
        }
    }
    return false;
}

static int read_image(struct str text, struct arena *a, struct fact_image *out, struct err *e)
{
    struct json root;
    struct json config;
    struct json labels;
    const char *id;

    if (json_parse(text, &root, e) < 0) {
        return -1;
    }
    id = json_string_dup(json_get(root, "Id"), a);
    if (id == NULL) {
        return err_set(e, ERR_FORMAT, "the engine's description of the image has no Id");
    }
    config = json_get(root, "Config");
    labels = json_get(config, "Labels");
    *out = (struct fact_image){
        .present = true,
        .id = id,
        .digest = json_string_dup(json_get(labels, PLAN_LABEL_DIGEST), a),
        .inputs = json_string_dup(json_get(labels, PLAN_LABEL_INPUTS), a),
        .packages = json_string_dup(json_get(labels, PLAN_LABEL_PACKAGES), a),
        .init_digest = json_string_dup(json_get(labels, PLAN_LABEL_INIT), a),
        .path_env = path_of(config, a),
        .arch = json_string_dup(json_get(root, "Architecture"), a),
        .os = json_string_dup(json_get(root, "Os"), a),
        .has_tags = has_tags(json_get(root, "RepoTags"), a),
        .created = time_of(json_get(root, "Created"), a),
    };
    (void)json_u64(json_get(root, "Size"), &out->size); /* stays 0 without a Size */
    return 0;
}

int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e)
{
    struct api_request rq = {.method = "GET"};
    struct buf target;
    struct buf reply;
    int status = 0;
    int rc = -1;

    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_LINE);
    *out = (struct fact_image){0};
    api_image_target(ref, "/json", &target);
    rq.target = buf_c(&target);
    if (rq.target == NULL) {
        (void)err_set(e, ERR_LIMIT, "the reference is too long");
    } else if (api_call(en, &rq, &reply, &status, e) == 0) {
        rc = status == 404   ? 0
             : status == 200 ? read_image(buf_str(&reply), a, out, e)
                             : api_refused(status, buf_str(&reply), e);
        /* dockerd refuses a wrong reference with 400, Podman with another status. */
        if (status == 400 || (rc < 0 && strstr(e->text, "invalid reference") != NULL)) {
            (void)err_hint(e, "Images are named like registry/name:tag, in lower case.");
        }
    }
    buf_release(&target);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "image %s", ref) : 0;
}
