/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "base/file_id.h"
#include "base/path.h"
#include "host/audit_content.h"
#include "host/audit_dirs.h"
#include "host/audit_read.h"
#include "host/audit_table.h"
#include "host/audit_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
    const struct audit_entry *x = a;
    const struct audit_entry *y = b;
    int order = strcmp(x->path, y->path);

    order = order != 0 ? order : (int)x->harmless - (int)y->harmless;
    return order != 0 ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Sorts by path and keeps one entry of each path: that of the first rule. */
static void sort_entries(struct audit *s)
{
    size_t kept = 0;

    if (s->count == 0) {
        return;
    }
    qsort(s->entries, s->count, sizeof(s->entries[0]), by_path);
    for (size_t i = 1; i < s->count; i++) {
        if (strcmp(s->entries[i].path, s->entries[kept].path) != 0) {
            s->entries[++kept] = s->entries[i];
        }
    }
    s->count = kept + 1;
}

/* Copies the scope and adds the identities of its trees. If a tree had another identity in the
 * first snapshot, records that. */
static void note_trees(struct audit_walk *w)
{
    struct audit_scope *scope = &w->out->scope;

    *scope = *w->scope;
    scope->trees = arena_array(w->a, scope->tree_count, sizeof(scope->trees[0]));
    for (size_t i = 0; i < scope->tree_count; i++) {
        struct audit_tree *tree = &scope->trees[i];
        char id[FILE_ID_SIZE];
        struct audit_entry *entry;

        *tree = w->scope->trees[i];
        (void)file_id_of(tree->path, id);
        if (tree->id[0] == '\0') {
            tree->id = arena_strdup(w->a, id);
        } else if (strcmp(tree->id, id) != 0) {
            w->shown.len = 0;
            entry = audit_add(w, NULL, AUDIT_RULE_ROOT);
            if (entry != NULL) {
                entry->path = audit_shown(scope, w->a, tree->path);
                entry->kind = AUDIT_DIR;
            }
        }
    }
}

static void walk_trees(struct audit_walk *w)
{
    for (size_t i = 0; i < w->scope->tree_count && w->fatal == 0; i++) {
        const struct audit_tree *tree = &w->scope->trees[i];
        struct audit_extra x = {
            .path = tree->path,
            .shown = audit_shown(w->scope, w->a, tree->path),
            .mode = tree->is_git ? AUDIT_IN_NAMED : AUDIT_IN_TREE,
            .rule = AUDIT_RULE_ROOT,
        };

        if (tree->is_git) {
            x.items = audit_index_git(w->index);
        }
        audit_walk(w, &x);
    }
}

static void walk_named(struct audit_walk *w)
{
    for (size_t i = 0; i < w->scope->lead_count && w->fatal == 0; i++) {
        const struct audit_lead *lead = &w->scope->leads[i];

        audit_walk_named(w, lead->path, lead->shown, lead->rule,
                         lead->rule == AUDIT_RULE_PATH ? "*" : "**");
    }
    if (w->scope->home != NULL) {
        audit_content_of_user(w, path_join(w->a, w->scope->home, ".gitconfig"));
        audit_content_of_user(w, path_join(w->a, w->scope->home, ".config/git/config"));
    }
    audit_content_of_user(w, "/etc/gitconfig");
    /* Both lists can grow while they are worked through. */
    for (size_t i = 0, k = 0; (i < w->named_count || k < w->extra_count) && w->fatal == 0;) {
        if (i < w->named_count) {
            const struct audit_named n = w->named[i++];

            if (n.is_repo) {
                audit_walk_repository(w, n.path);
                continue;
            }
            audit_walk_named(w, n.path, NULL,
                             n.included ? AUDIT_RULE_INCLUDED
                             : n.is_dir ? AUDIT_RULE_HOOKS
                                        : AUDIT_RULE_NAMED,
                             n.is_dir ? "*" : NULL);
        } else {
            struct audit_extra x = w->extras[k++];

            audit_walk(w, &x);
        }
    }
}

int audit_take(const struct audit_scope *scope, struct arena *a, struct audit *out,
               struct err *e)
{
    struct audit_walk *w;

    *out = (struct audit){0};
    w = arena_alloc(a, sizeof(*w));
    *w = (struct audit_walk){.a = a, .scope = scope, .out = out};
    audit_walk_init(w);
    note_trees(w);
    walk_trees(w);
    walk_named(w);
    audit_finish_links(w);
    audit_finish_dirs(w);
    sort_entries(out);
    if (w->fatal != 0) {
        errno = w->fatal;
        *out = (struct audit){0};
        return err_sys(e, "audit of %s", scope->tree_count > 0 ? scope->trees[0].path : "/");
    }
    return 0;
}
