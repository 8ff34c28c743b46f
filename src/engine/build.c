/* SPDX-License-Identifier: MIT */
/* Building cco's own image: POST /build, with BuildKit where the engine has it (DOCKER.md 3.1, 3.2). */
#include "engine/context.h"
#include "engine/long.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/url.h"

#include <string.h>

static void join(const struct strv *l, struct buf *out)
{
    for (size_t i = 0; i < l->count; i++) {
        (void)buf_addf(out, "%s%s", i > 0 ? " " : "", l->v[i]); /* sticky */
    }
}

static int add_args(const struct image_input *in, struct buf *target)
{
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
    for (size_t i = 0; i < in->proxies->count; i++) {
        struct str value = str_c(in->proxies->v[i]);
        struct str name = {0};
        char key[64];

        (void)str_cut(&value, '=', &name);
        if (name.len < sizeof(key)) {
            memcpy(key, name.p, name.len);
            key[name.len] = '\0';
            json_w_key(&w, key);
            json_w_str(&w, value);
        }
    }
    json_w_end(&w);
    if (json_done(&w) == 0 && !packages.overflowed) {
        rc = url_query(target, "buildargs", buf_str(&text));
    }
    buf_wipe(&text); /* a proxy's address may hold a password */
    buf_release(&packages);
    return rc;
}

static int add_labels(const struct image_input *in, const char *digest, struct buf *target)
{
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
    json_w_member(&w, PLAN_LABEL_DIGEST, digest);
    json_w_member(&w, PLAN_LABEL_INIT, in->exe_digest);
    json_w_key(&w, PLAN_LABEL_PACKAGES);
    json_w_str(&w, buf_str(&packages));
    json_w_end(&w);
    if (json_done(&w) == 0 && !packages.overflowed) {
        rc = url_query(target, "labels", buf_str(&text));
    }
    buf_release(&text);
    buf_release(&packages);
    return rc;
}

static int make_target(const struct image_input *in, const char *tag, bool buildkit,
                       struct buf *target, struct err *e)
{
    char digest[65];

    if (image_digest(in, digest, e) < 0) {
        return -1;
    }
    (void)buf_add_c(target, "/build?dockerfile=Dockerfile&rm=1&forcerm=1"); /* sticky */
    (void)buf_add_c(target, buildkit ? "&version=2" : "&version=1");
    (void)url_query(target, "t", str_c(tag));
    if (in->host_network) {
        (void)url_query(target, "networkmode", str_c("host"));
    }
    if (add_args(in, target) < 0 || add_labels(in, digest, target) < 0 ||
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

static int build_with(struct engine *en, const struct image_input *in, const char *tag,
                      bool buildkit, struct progress *progress, struct err *e)
{
    struct buf target;
    int rc = -1;

    buf_init(&target, LIMIT_REQUEST);
    if (make_target(in, tag, buildkit, &target, e) == 0) {
        rc = long_post(en, buf_c(&target), send_context, in, progress, e);
    }
    buf_wipe(&target);
    return rc;
}

/* An engine with its BuildKit switched off says so before anything is built. */
static bool lacks_buildkit(const struct err *e)
{
    return e->kind == ERR_ENGINE && (e->code == 400 || e->code == 501) &&
           strstr(e->text, "uildkit") != NULL;
}

int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e)
{
    int rc = build_with(en, in, tag, en->buildkit, progress, e);

    if (rc < 0 && en->buildkit && lacks_buildkit(e)) {
        err_reset(e);
        rc = build_with(en, in, tag, false, progress, e);
    }
    return rc < 0 ? err_wrap(e, "build") : 0;
}
