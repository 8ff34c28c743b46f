/* SPDX-License-Identifier: MIT */
#include "host/audit_content.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/audit_read.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note_path(struct audit_walk *w, const char *path, const struct audit_git_named *n)
{
    path = path_clean(w->a, path);
    for (size_t i = 0; i < w->named_count; i++) {
        if (strcmp(w->named[i].path, path) == 0 && w->named[i].included == n->included &&
            w->named[i].is_dir == n->is_dir && w->named[i].is_repo == n->is_repo) {
            return;
        }
    }
    if (w->named_count == AUDIT_NAMED_MAX) {
        audit_overflow(w, NULL);
        return;
    }
    w->named = list_grow(w->a, w->named, w->named_count, &w->named_cap, sizeof(w->named[0]));
    w->named[w->named_count++] = (struct audit_named){
        .path = path, .included = n->included, .is_dir = n->is_dir, .is_repo = n->is_repo};
}

/* Adds the paths that a name of a configuration in `dir` can mean. An included file is relative
 * to the configuration. For other names that depends on the variable: they are relative to the
 * worktree or to the directory in which git was started. git-config(1). */
static void note_name(struct audit_walk *w, const char *dir, const struct audit_git_named *n)
{
    const char *name = n->name;

    if (strlen(name) >= LIMIT_PATH || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        name = n->is_dir ? name : "";
    }
    if (name[0] == '\0' || strlen(name) >= LIMIT_PATH) {
        return;
    }
    if (str_starts(str_c(name), "~/")) {
        if (w->scope->home != NULL) {
            note_path(w, path_join(w->a, w->scope->home, name + 2), n);
        }
        return;
    }
    if (n->included || name[0] == '/' || strcmp(path_base(dir), ".git") != 0) {
        note_path(w, path_join(w->a, dir, name), n);
    }
    if (name[0] != '/' && !n->included) {
        note_path(w, path_join(w->a, path_dir(w->a, dir), name), n);
        note_path(w, path_join(w->a, w->scope->trees[0].path, name), n);
    }
}

static void note_names(struct audit_walk *w, const char *dir,
                       const struct audit_git_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        note_name(w, dir, &names->v[i]);
    }
}

/* Returns true if the audit examines a directory below git's own as the repository of a
 * submodule or worktree; `path` is relative to git's own directory. A directory in a store of
 * git's, or deeper than a worktree's, is not examined. */
static bool is_repository_of_git(const char *path)
{
    struct str rest = str_c(path);
    struct str name = {0};
    bool is_worktree;
    size_t count = 0;

    (void)str_cut(&rest, '/', &name);
    is_worktree = str_eq_c(name, "worktrees");
    if (!is_worktree && !str_eq_c(name, "modules")) {
        return false;
    }
    for (; rest.len > 0; count++) {
        (void)str_cut(&rest, '/', &name);
        if (str_eq_c(name, "objects") || str_eq_c(name, "refs") || str_eq_c(name, "logs") ||
            str_eq_c(name, "lfs")) {
            return false;
        }
    }
    return is_worktree ? count == 1 : count > 0;
}

/* Returns true if a `.git` file in `dir` names a directory that the audit examines as git's
 * own: the repository of a submodule or worktree, in the `.git` of one of the trees. */
static bool is_examined(struct audit_walk *w, const char *dir, struct str text)
{
    const char *path = audit_git_file(text, w->a);
    const char *physical;
    const struct audit_tree *tree;
    const char *below;

    physical = path != NULL && strlen(path) < LIMIT_PATH
                   ? audit_physical(w->a, path_join(w->a, dir, path))
                   : NULL;
    tree = physical != NULL ? audit_tree_of(w->scope, physical) : NULL;
    if (tree == NULL) {
        return false;
    }
    below = physical + strlen(tree->path);
    if (tree->is_git) {
        return below[0] == '/' && is_repository_of_git(below + 1);
    }
    below = strstr(below, "/.git/");
    return below != NULL && is_repository_of_git(below + strlen("/.git/"));
}

/* Returns the number of directories from that which contains `.git` to `dir`, which is below
 * `.git`; 0 if it is not. */
static unsigned depth_in_git(const char *dir)
{
    const char *at = strstr(dir, "/.git/");
    unsigned depth = 0;

    for (; at != NULL && *at != '\0'; at++) {
        depth += *at == '/' ? 1U : 0U;
    }
    return depth;
}

/* Examines the whole text of a file of git's. Returns false if its rule demands nothing
 * special.
 */
static bool examine_text(struct audit_walk *w, struct str text, const char *dir,
                         struct audit_entry *entry)
{
    struct audit_git_names names = {0};

    switch (audit_rule(entry->rule)->content) {
    case AUDIT_GIT_CONFIG:
        audit_git_config(text, depth_in_git(dir), w->a, entry->digest, &names);
        note_names(w, dir, &names);
        break;
    case AUDIT_GIT_REBASE:
        audit_git_rebase(text, entry->digest);
        break;
    case AUDIT_GIT_FILE:
        if (!is_examined(w, dir, text)) {
            return false;
        }
        break;
    case AUDIT_GIT_COMMONDIR:
        if (!str_eq_c(str_trim(text), "../..")) {
            return false;
        }
        break;
    case AUDIT_WHOLE:
    default:
        return false;
    }
    entry->harmless = entry->digest[0] == '\0';
    return true;
}

/* Hashes the beginning of the file. Returns -1 if it cannot be read. */
static int hash_file(struct audit_walk *w, int fd, uint64_t most, struct audit_entry *entry)
{
    struct sha256 h;
    char chunk[4096];
    uint64_t done = 0;
    ssize_t got = 1;

    sha256_init(&h);
    while (got > 0 && done < most) {
        uint64_t left = most - done;

        got = fd_read(fd, chunk, left < sizeof(chunk) ? (size_t)left : sizeof(chunk));
        if (got > 0) {
            sha256_add(&h, chunk, (size_t)got);
            done += (uint64_t)got;
        }
    }
    w->hash_left -= done;
    if (got < 0) {
        return -1;
    }
    sha256_hex(&h, entry->digest);
    return 0;
}

void audit_content(struct audit_walk *w, int fd, const char *dir, struct audit_entry *entry)
{
    uint64_t most = w->hash_left < AUDIT_HASH_MAX ? w->hash_left : AUDIT_HASH_MAX;
    struct err ignored = {0};
    struct buf text;
    struct stat st;
    bool done = false;

    /* The file may have been replaced since it was examined. */
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        entry->kind = AUDIT_UNREADABLE;
        return;
    }
    if (audit_rule(entry->rule)->content != AUDIT_WHOLE && st.st_size <= LIMIT_FILE_SMALL) {
        buf_init(&text, LIMIT_FILE_SMALL);
        done = file_read_fd(fd, entry->path, 0, &text, &ignored) == 0 &&
               examine_text(w, buf_str(&text), dir, entry);
        if (!done && lseek(fd, 0, SEEK_SET) < 0) {
            entry->kind = AUDIT_UNREADABLE;
            done = true;
        }
        buf_release(&text);
    }
    if (done || most == 0 || (entry->size > most && most < AUDIT_HASH_MAX)) {
        return;
    }
    if (hash_file(w, fd, most, entry) < 0) {
        entry->kind = AUDIT_UNREADABLE;
    }
}

void audit_content_of_user(struct audit_walk *w, const char *path)
{
    struct audit_git_names names = {0};
    char digest[SHA256_HEX];
    struct err ignored = {0};
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0) {
        audit_git_config(buf_str(&text), 0, w->a, digest, &names);
        note_names(w, path_dir(w->a, path), &names);
    }
    buf_release(&text);
}
