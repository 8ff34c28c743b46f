/* SPDX-License-Identifier: MIT */
/* What the links in claude's set-up lead to (facts.claude_links). The sandbox sees the link, so
 * its target is shown at the path that the link has in it. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/place_table.h"

#include <string.h>

/* Returns why a sandbox must not see what the link leads to, although the user made the link.
 * NULL: it may. */
static const char *forbidden(struct builder *b, const struct fact_claude_link *l)
{
    const struct opts_path access = {.access = ACCESS_READ};
    const struct fact_option_path n = {
        .target = l->at, .physical = l->found.physical, .type = l->found.type};
    const char *why = project_secrets(b, l->found.physical);

    for (size_t i = 0; i < claude_state_count; i++) {
        const char *own = b->f->claude_state[i].physical;

        if (claude_state[i].share != STATE_LOCKED && own != NULL &&
            path_is_inside(l->found.physical, own)) {
            return "only a part of it is shared";
        }
    }
    if (why == NULL && b->p->kind == SANDBOX_LANDLOCK_ONLY &&
        !path_is_inside(l->at, b->p->user.home) && strcmp(l->at, l->found.physical) != 0) {
        why = "a sandbox without namespaces has it at another path";
    }
    if (why == NULL && l->found.type == FACT_DIR && project_is_system(l->found.physical)) {
        why = "it belongs to the system";
    }
    return why != NULL ? why : paths_forbidden(b, &access, &n);
}

/* Returns whether the sandbox sees the path of the link without a mount of its own. */
static bool is_shown(struct builder *b, const struct fact_claude_link *l)
{
    const struct plan_mount *m = paths_covering(b->p, l->at);

    return native_shows(b, l->at) || (m != NULL && m->kind == MOUNT_BIND);
}

void claude_setup_build(struct builder *b)
{
    for (size_t i = 0; i < b->f->claude_link_count; i++) {
        const struct fact_claude_link *l = &b->f->claude_links[i];
        const char *why;

        if (is_shown(b, l) || unshared_note(b, l->found.physical, l->found.path)) {
            continue;
        }
        why = forbidden(b, l);
        if (why != NULL) {
            missing_add(&b->p->missing, b->a, arena_printf(b->a, "link %s", l->found.path),
                        arena_printf(b->a,
                                     "%s leads to %s, which is not shared: %s. Copy what "
                                     "claude needs in place of the link",
                                     l->found.path, l->found.physical, why));
            continue;
        }
        mounts_add(b, l->found.physical, l->at, l->found.type == FACT_DIR,
                   arena_printf(b->a, "%s leads to it", l->found.path))
            ->read_only = true;
    }
}
