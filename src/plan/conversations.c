/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"

/* Mounts an entry of the host's ~/.claude/projects. If it is a link, an agent may have made it.
 * It is not followed then, and a directory of cco's own takes its place. */
static void add_conversations(struct builder *b, const struct fact_state *entry,
                              const char *target, const char *own, const char *why)
{
    struct plan_mount *m;

    if (entry->physical == NULL) {
        return;
    }
    if (unshared_note(b, entry->physical, path_join(b->a, b->f->claude_dir, "projects"))) {
        mounts_add_kept(b, own, target, true, why);
        return;
    }
    if (entry->type == FACT_DIR || entry->type == FACT_MISSING) {
        m = mounts_add(b, entry->physical, target, true, why);
        m->make_source = entry->type == FACT_MISSING;
        return;
    }
    strv_add(&b->p->warnings, b->a,
             arena_printf(b->a, "%s cannot be shared: conversations are kept in %s",
                          entry->physical, own));
    mounts_add_kept(b, own, target, true, why);
}

void conversations_build(struct builder *b, const char *why, const char *target,
                         const char *own)
{
    const struct facts *f = b->f;
    const char *name = claude_project_name(b->a, f->cwd_physical);

    strv_add(&b->p->user.dirs, b->a, target);
    add_conversations(b, &f->claude_project, path_join(b->a, target, name),
                      path_join(b->a, own, "projects"), why);
    if (f->claude_memory.physical != NULL) {
        const char *root = claude_project_name(b->a, f->claude_root);
        const char *dir = path_join(b->a, target, root);

        strv_add(&b->p->user.dirs, b->a, dir);
        add_conversations(b, &f->claude_memory, path_join(b->a, dir, "memory"),
                          path_join(b->a, own, "memory"),
                          "claude's memory of the repository of this directory");
    }
}
