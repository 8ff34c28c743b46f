/* SPDX-License-Identifier: MIT */
#include "base/fd.h"
#include "base/list.h"
#include "base/path.h"
#include "host/audit_read.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

void audit_add_extra(struct audit_walk *w, const struct audit_extra *x)
{
    for (size_t i = 0; i < w->extra_count; i++) {
        if (w->extras[i].rule == x->rule && strcmp(w->extras[i].path, x->path) == 0) {
            return;
        }
    }
    if (w->extra_count == AUDIT_EXTRA_MAX) {
        audit_overflow(w, NULL);
        return;
    }
    w->extras = list_grow(w->a, w->extras, w->extra_count, &w->extra_cap, sizeof(w->extras[0]));
    w->extras[w->extra_count++] = *x;
}

void audit_follow(struct audit_walk *w, const char *name, const struct audit_match *m)
{
    const char *here = arena_printf(w->a, "%s%s", w->physical.text, name);
    struct audit_extra x = {
        .path = audit_physical(w->a, here),
        .shown = arena_printf(w->a, "%s%s%s", w->shown.text, name, m->bulk ? "/*" : ""),
        .items = m->below,
        .mode = m->bulk ? AUDIT_IN_BULK : AUDIT_IN_NAMED,
        .rule = m->rule,
    };
    struct stat st;

    if (x.path == NULL || audit_tree_of(w->scope, x.path) == NULL || lstat(x.path, &st) < 0 ||
        !S_ISDIR(st.st_mode)) {
        return;
    }
    audit_add_extra(w, &x);
}

/* Returns true if the file names the repository, as a `.git` file does. */
static bool is_git_file(struct audit_walk *w, const char *physical)
{
    static const char begin[] = "gitdir: ";
    char text[sizeof(begin) - 1];
    int fd = audit_open_physical(w, physical, 0);
    bool is = fd >= 0 && fd_read(fd, text, sizeof(text)) == (ssize_t)sizeof(text) &&
              memcmp(text, begin, sizeof(text)) == 0;

    fd_close(&fd);
    return is;
}

/* Git looks for a repository under these names in turn. gitrepository-layout(5), and for the
 * endings git-upload-pack(1), "--strict". */
void audit_walk_repository(struct audit_walk *w, const char *path)
{
    static const char *const endings[] = {"", "/.git", ".git", ".git/.git"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        const char *full = arena_printf(w->a, "%s%s", path, endings[i]);
        const char *physical = audit_physical(w->a, full);
        struct audit_extra x = {.path = physical,
                                .items = audit_index_git(w->index),
                                .mode = AUDIT_IN_NAMED,
                                .rule = AUDIT_RULE_HOOKS};
        struct stat st;

        if (physical == NULL || audit_tree_of(w->scope, physical) == NULL ||
            lstat(physical, &st) < 0) {
            continue;
        }
        if (S_ISREG(st.st_mode) && is_git_file(w, physical)) {
            audit_walk_named(w, full, NULL, AUDIT_RULE_NAMED, NULL);
        } else if (S_ISDIR(st.st_mode) && lstat(path_join(w->a, physical, "HEAD"), &st) == 0) {
            x.shown = audit_shown(w->scope, w->a, physical);
            audit_add_extra(w, &x);
        }
    }
}

void audit_walk_named(struct audit_walk *w, const char *path, const char *shown, unsigned rule,
                      const char *below)
{
    const char *physical = audit_physical(w->a, path);
    struct audit_extra x = {.path = physical, .mode = AUDIT_IN_NAMED, .rule = rule};
    const char *dir;
    struct stat st;
    int fd;

    if (shown != NULL) {
        audit_record_lead(w, shown, path, rule);
    } else if (audit_tree_of(w->scope, path) == NULL &&
               (physical == NULL || audit_tree_of(w->scope, physical) == NULL)) {
        return;
    }
    if (physical != NULL && below != NULL && audit_tree_of(w->scope, physical) != NULL &&
        lstat(physical, &st) == 0 && S_ISDIR(st.st_mode)) {
        audit_items_add(&x.items, w->a, rule, below);
        x.shown = shown != NULL ? shown : audit_shown(w->scope, w->a, path);
        audit_walk(w, &x);
        return;
    }
    if (shown != NULL) {
        return;
    }
    /* The file itself, or the link that is in its place. */
    path = audit_tree_of(w->scope, path) != NULL ? path : physical;
    dir = audit_physical(w->a, path_dir(w->a, path));
    if (dir == NULL || audit_tree_of(w->scope, dir) == NULL ||
        !audit_path_set(&w->physical, dir) ||
        !audit_path_set(&w->shown, audit_shown(w->scope, w->a, dir))) {
        return;
    }
    if (strcmp(w->shown.text, "./") == 0) {
        (void)audit_path_set(&w->shown, "");
    }
    fd = audit_open_physical(w, dir, O_DIRECTORY);
    if (fd >= 0 && fstatat(fd, path_base(path), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISDIR(st.st_mode)) {
        audit_record(w, fd, path_base(path), rule, &st);
    }
    fd_close(&fd);
}
