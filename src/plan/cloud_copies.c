/* SPDX-License-Identifier: MIT */
/* The files with the login of a cloud provider (facts.cloud): private copies of only the
 * profile or file that claude uses. */
#include "plan/build.h"

#include "base/path.h"

/* Lets init make the copy of a file at `target`. `profiles` are those that are kept of a file
 * of AWS; NULL: the whole file is copied. */
static void copy(struct builder *b, const struct fact_path *file, const char *name,
                 const char *target, const char *profiles)
{
    struct plan_copy *s;

    if (file->type != FACT_FILE || unshared_note(b, file->physical, file->path)) {
        return;
    }
    s = mounts_add_copy(b, profiles != NULL ? COPY_AWS : COPY_FILE, file->physical, name,
                        profiles != NULL ? "the profile of AWS that claude uses"
                                         : "the login of Google Cloud");
    s->text = profiles;
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
        copy(b, &c->aws_config, "aws-config", path_join(b->a, home, ".aws/config"),
             c->profiles);
        copy(b, &c->aws_credentials, "aws-credentials",
             path_join(b->a, home, ".aws/credentials"), c->profiles);
    }
    copy(b, &c->google, "google-credentials.json", c->google_at, NULL);
}
