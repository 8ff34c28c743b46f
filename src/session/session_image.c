/* SPDX-License-Identifier: MIT */
#include "session/session_image.h"

#include "engine/image_registry.h"
#include "session/own_image.h"
#include "session/registry_login.h"
#include "session/session_plan.h"

/* Returns whether the engine says that a login is missing or not sufficient. */
static bool wants_login(const struct err *e)
{
    static const char *const said[] = {"denied", "unauthorized", "authentication required",
                                       "no basic auth credentials"};

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        if (str_contains(str_c(e->text), said[i])) {
            return true;
        }
    }
    return false;
}

/* Adds the next step as a hint, chosen by the text of the engine's or registry's error. Returns
 * -1. */
static int hint(const char *registry, struct err *e)
{
    static const struct {
        const char *said, *next;
    } hints[] = {
        {"no matching manifest",
         "The registry has it only for other processors than the engine's: name another tag."},
        {"manifest unknown", "The registry has no such tag or digest: check the name."},
        {"not found", "The registry has no such image or tag: check the name."},
        {"invalid reference", "Images are named like registry/name:tag, in lower case."},
        {"", "The engine must reach the registry. Without a network, docker load gets an image "
             "from a file."},
    };
    struct str said = str_c(e->text);
    size_t i = 0;

    if (wants_login(e)) {
        return err_hint(e, "Check the name. If the image is private, log in: docker login %s",
                        registry);
    }
    while (!str_contains(said, hints[i].said)) {
        i++;
    }
    return err_hint(e, "%s", hints[i].next);
}

int session_image_pull(struct session_context *ctx, const char *ref, struct err *e)
{
    struct secret auth = {0};
    int rc;

    registry_login(ctx, ref, &auth);
    ctx->progress->begin(ctx->progress, arena_printf(ctx->arena, "pulling %s", ref));
    rc = engine_pull(ctx->engine, ref, &auth, ctx->progress, e);
    ctx->progress->end(ctx->progress, rc == 0);
    timing_mark(ctx->timing, "image");
    if (rc < 0 && e->kind == ERR_ENGINE) {
        (void)hint(registry_name(ref, ctx->arena), e);
    }
    secret_release(&auth);
    return rc < 0 ? err_wrap(e, "image %s", ref) : 0;
}

int session_image_prepare(struct session_context *ctx, struct plan *p, struct err *e)
{
    if (ctx->facts->image.present && !p->image.rebuild) {
        return 0;
    }
    if ((p->image.own ? own_image_build(ctx, e) : session_image_pull(ctx, p->image.ref, e)) <
        0) {
        return -1;
    }
    return session_plan(ctx, SESSION_PLAN_IMAGE, p, e);
}
