/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"

/* Returns whether a sandbox has its own files there. */
static bool is_of_system(const char *path)
{
    return path_is_inside(path, "/usr") || path_is_inside(path, "/etc") ||
           project_is_system(path);
}

void project_links_build(struct builder *b)
{
    const struct strv *links = &b->f->project_links;
    struct strv list = {0};

    for (size_t i = 0; i + 1 < links->count; i += 2) {
        const char *target = links->v[i + 1];

        if (paths_shown(b, target) || is_of_system(target) ||
            project_secrets(b->f, target) != NULL) {
            continue; /* a line must not propose to share a key to which the project links */
        }
        strv_add(&list, b->a, arena_printf(b->a, "%s (%s)", path_base(links->v[i]), target));
    }
    if (list.count > 0) {
        const char *all = strv_join(&list, ", ", b->a);

        missing_add(&b->p->missing, b->a, arena_printf(b->a, "links %s", all),
                    arena_printf(b->a,
                                 "links of the project lead to what is missing inside: %s. To "
                                 "share what one leads to: --ro PATH",
                                 all));
    }
}
