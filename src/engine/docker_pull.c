/* SPDX-License-Identifier: MIT */
/* Pulls an image from its registry: POST /images/create (Engine API, ImageCreate). */
#include "engine/docker_api_stream.h"
#include "engine/images.h"

#include "base/limits.h"
#include "base/secret.h"
#include "wire/url.h"

/* Splits a reference into the two parameters of the API: "host:5000/name:tag" at the colon of
 * the tag, "name@sha256:..." at the at-sign. Without a tag, *tag becomes "latest", because the
 * engine would otherwise pull all tags. */
static void split_reference(struct str ref, struct str *name, struct str *tag)
{
    size_t at = str_index(ref, '@');
    size_t colon = ref.len;

    if (at < ref.len) {
        *name = str_n(ref.p, at);
        *tag = str_drop(ref, at + 1);
        return;
    }
    for (size_t i = ref.len; i > 0 && ref.p[i - 1] != '/'; i--) {
        if (ref.p[i - 1] == ':') {
            colon = i - 1;
            break;
        }
    }
    *name = str_n(ref.p, colon);
    *tag = colon < ref.len ? str_drop(ref, colon + 1) : str_c("latest");
}

int engine_pull(struct engine *en, const char *ref, const struct secret *auth,
                struct progress *progress, struct err *e)
{
    struct api_stream_call call = {0};
    const char *fields[2] = {NULL, NULL};
    struct buf field;
    struct str name = {0};
    struct str tag = {0};
    struct buf target;
    int rc;

    split_reference(str_c(ref), &name, &tag);
    buf_init(&target, LIMIT_PATH);
    (void)buf_add_c(&target, "/images/create"); /* buf_c() below notices an overflow */
    (void)url_query(&target, "fromImage", name);
    (void)url_query(&target, "tag", tag);
    buf_init(&field, LIMIT_HTTP_HEAD);
    if (auth != NULL && auth->len > 0) {
        (void)buf_reserve(&field, auth->len + 32); /* growing would leave copies in memory */
        (void)buf_addf(&field, "X-Registry-Auth: %s", auth->p);
        fields[0] = buf_c(&field);
        call.fields = fields;
    }
    call.target = buf_c(&target);
    rc = call.target == NULL ? err_set(e, ERR_LIMIT, "the reference is too long")
                             : api_stream_post(en, &call, progress, e);
    buf_wipe(&field);
    buf_release(&target);
    return rc < 0 ? err_wrap(e, "pull") : 0;
}
