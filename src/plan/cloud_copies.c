/* SPDX-License-Identifier: MIT */
/* The files with the login of a cloud provider (facts.cloud): private copies of only the
 * profile or file that claude uses. */
#include "plan/build.h"

#include "base/path.h"

/* Returns whether an option shares a directory above `target`. Init must not write there: it
 * would replace the user's own file, or fail. */
static bool is_in_shared(const struct builder *b, const char *target)
{
    for (size_t i = 0; i < b->o->path_count && i < b->f->option_path_count; i++) {
        const struct fact_option_path *n = &b->f->option_paths[i];

        if (b->o->paths[i].access != ACCESS_HIDE && n->type == FACT_DIR &&
            path_is_inside(target, n->target)) {
            return true;
        }
    }
    return false;
}

/* Lets init make the copy of a file at `target`, unless the sandbox sees the file itself. */
static void copy(struct builder *b, enum plan_copy_kind kind, const struct fact_path *file,
                 const char *name, const char *target)
{
    const char *why = kind == COPY_AWS              ? "the profile of AWS that claude uses"
                      : file == &b->f->cloud.google ? "the login of Google Cloud"
                                                    : "the token by which that profile logs in";
    struct plan_copy *s;

    if (file->type != FACT_FILE || is_in_shared(b, target) ||
        unshared_note(b, file->physical, file->path)) {
        return;
    }
    s = mounts_add_copy(b, kind, file->physical, name, why);
    s->text = kind == COPY_AWS ? b->f->cloud.profiles : NULL;
    s->by_init = true;
    s->target = target;
}

void cloud_copies_build(struct builder *b)
{
    const struct fact_cloud *c = &b->f->cloud;
    const char *home = b->p->user.home;

    if (c->why != NULL) {
        missing_add(
            &b->p->missing, b->a, arena_printf(b->a, "cloud login: %s", c->why),
            arena_printf(b->a, "%s, and claude cannot log in inside. %s", c->why, c->next));
        return;
    }
    if (c->by_machine &&
        (b->p->kind == SANDBOX_REMOTE_CONTAINER ||
         (b->p->network.mode != PLAN_NET_HOST && b->p->network.mode != PLAN_NET_OWN))) {
        missing_add(&b->p->missing, b->a, "cloud login: metadata",
                    "the only login is the role of this machine, whose metadata service may be "
                    "out of reach inside. --network host reaches it, natively or with an "
                    "engine of this machine");
    }
    if (c->profiles != NULL) {
        copy(b, COPY_AWS, &c->aws_config, "aws-config", path_join(b->a, home, ".aws/config"));
        copy(b, COPY_AWS, &c->aws_credentials, "aws-credentials",
             path_join(b->a, home, ".aws/credentials"));
    }
    copy(b, c->token_is_sso ? COPY_SSO_TOKEN : COPY_FILE, &c->aws_token, "aws-token",
         c->token_is_sso
             ? arena_printf(b->a, "%s/.aws/sso/cache/%s", home, path_base(c->aws_token.path))
             : c->aws_token.path);
    copy(b, COPY_FILE, &c->google, "google-credentials.json", c->google_at);
}
