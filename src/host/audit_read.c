/* SPDX-License-Identifier: MIT */
#include "host/audit_read.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "host/audit_content.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

int audit_open(struct audit_walk *w, int dir, const char *name, int flags)
{
    int fd;

    do {
        fd = openat(dir, name, READ_FLAGS | flags);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
        w->fatal = errno;
    }
    return fd;
}

const struct audit_tree *audit_tree_of(const struct audit_scope *scope, const char *path)
{
    for (size_t i = 0; i < scope->tree_count; i++) {
        if (path_is_inside(path, scope->trees[i].path)) {
            return &scope->trees[i];
        }
    }
    return NULL;
}

int audit_open_physical(struct audit_walk *w, const char *path, int flags)
{
    const struct audit_tree *tree = audit_tree_of(w->scope, path);
    struct str rest;
    int fd;

    if (tree == NULL) {
        errno = EXDEV;
        return -1;
    }
    rest = str_c(path + strlen(tree->path));
    fd = audit_open(w, AT_FDCWD, tree->path, O_DIRECTORY);
    while (fd >= 0 && rest.len > 0) {
        struct str name = {0};
        char copy[NAME_MAX + 1];
        int below = -1;

        (void)str_cut(&rest, '/', &name);
        if (name.len == 0) {
            continue;
        }
        if (name.len > NAME_MAX) {
            fd_close(&fd);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(copy, name.p, name.len);
        copy[name.len] = '\0';
        below = audit_open(w, fd, copy, rest.len > 0 ? O_DIRECTORY : flags);
        fd_close(&fd);
        fd = below;
    }
    return fd;
}

const char *audit_shown(const struct audit_scope *scope, struct arena *a, const char *path)
{
    const char *project = scope->tree_count > 0 ? scope->trees[0].path : "/";
    size_t len = strlen(project);

    if (!path_is_inside(path, project)) {
        return path;
    }
    path += strcmp(project, "/") == 0 ? 0 : len;
    path += path[0] == '/';
    if (path[0] == '\0') {
        return ".";
    }
    /* "~" and "/" at the beginning have another meaning. */
    return path[0] == '~' ? arena_printf(a, "./%s", path) : path;
}

const char *audit_physical(struct arena *a, const char *path)
{
    char resolved[PATH_MAX];

    return realpath(path, resolved) != NULL ? arena_strdup(a, resolved) : NULL;
}

/* Returns the path for messages of a name in the current directory, in the arena. */
static const char *shown_name(struct audit_walk *w, const char *name)
{
    const char *dir = w->shown.text;
    size_t len = w->shown.len;

    if (name == NULL) {
        return len == 0 ? "." : arena_str(w->a, str_n(dir, len - 1));
    }
    return arena_printf(w->a, "%s%s%s", len == 0 && name[0] == '~' ? "./" : "", dir, name);
}

void audit_overflow(struct audit_walk *w, const char *name)
{
    if (w->out->overflow == NULL) {
        w->out->overflow = shown_name(w, name);
    }
}

static struct audit_entry *add_shown(struct audit_walk *w, const char *shown, unsigned rule)
{
    struct audit *out = w->out;
    struct audit_entry *entry;

    if (out->count == AUDIT_MAX || strlen(shown) > w->paths_left) {
        audit_overflow(w, NULL);
        return NULL;
    }
    w->paths_left -= strlen(shown);
    out->entries = list_grow(w->a, out->entries, out->count, &w->cap, sizeof(out->entries[0]));
    entry = &out->entries[out->count++];
    *entry = (struct audit_entry){.path = shown, .rule = rule, .stamp = ""};
    return entry;
}

struct audit_entry *audit_add(struct audit_walk *w, const char *name, unsigned rule)
{
    return add_shown(w, shown_name(w, name), rule);
}

static const char *stamp_of(struct audit_walk *w, const struct stat *st)
{
    return arena_printf(w->a, "%llu %lld.%ld %lld.%ld", (unsigned long long)st->st_ino,
                        (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
                        (long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

void audit_unreadable(struct audit_walk *w, int dir, const char *name)
{
    struct audit_entry *entry = audit_add(w, name, AUDIT_RULE_UNREADABLE);
    struct stat st;

    if (entry == NULL) {
        return;
    }
    entry->kind = AUDIT_UNREADABLE;
    if (name == NULL ? fstat(dir, &st) == 0
                     : fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        entry->stamp = stamp_of(w, &st);
        entry->mode = (unsigned)st.st_mode & 07777U;
    }
}

static enum audit_kind kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return AUDIT_FILE;
    case S_IFDIR:
        return AUDIT_DIR;
    case S_IFLNK:
        return AUDIT_LINK;
    case S_IFIFO:
        return AUDIT_FIFO;
    case S_IFSOCK:
        return AUDIT_SOCKET;
    default:
        return AUDIT_DEVICE;
    }
}

/* Makes the digest of a link: of the path to which it leads, and of the content there if the
 * path is that of a regular file in one of the trees. */
static void digest_link(struct audit_walk *w, const char *physical, struct audit_entry *entry)
{
    struct audit_entry there = {.path = entry->path, .rule = entry->rule, .stamp = ""};
    struct sha256 h;
    struct stat st;
    int fd = -1;

    if (physical == NULL) {
        return;
    }
    if (audit_tree_of(w->scope, physical) != NULL && lstat(physical, &st) == 0 &&
        S_ISREG(st.st_mode)) {
        fd = audit_open_physical(w, physical, 0);
        there.size = (uint64_t)st.st_size;
        there.stamp = stamp_of(w, &st);
        audit_content(w, fd, path_dir(w->a, physical), &there);
        fd_close(&fd);
    }
    sha256_init(&h);
    sha256_add(&h, physical, strlen(physical) + 1);
    sha256_add(&h, there.digest, strlen(there.digest));
    if (there.digest[0] == '\0' && !there.harmless) {
        sha256_add(&h, there.stamp, strlen(there.stamp));
    }
    sha256_hex(&h, entry->digest);
}

/* Returns the text of a link, in the arena. */
static const char *target_of(struct audit_walk *w, int dir, const char *name)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(dir, name, target, sizeof(target));

    return len > 0 ? arena_str(w->a, str_n(target, (size_t)len))
                   : "?"; /* it was removed meanwhile */
}

static void record_link(struct audit_walk *w, int dir, const char *name,
                        struct audit_entry *entry)
{
    const char *here = arena_printf(w->a, "%s%s", w->physical.text, name);

    entry->target = target_of(w, dir, name);
    if (strlen(entry->target) > w->paths_left) {
        audit_overflow(w, name);
        entry->target = "?";
    }
    w->paths_left -= strlen(entry->target);
    digest_link(w, audit_physical(w->a, here), entry);
}

void audit_record(struct audit_walk *w, int dir, const char *name, unsigned rule,
                  const struct stat *st)
{
    struct audit_entry *entry = audit_add(w, name, rule);
    int fd = -1;

    if (entry == NULL) {
        return;
    }
    entry->kind = kind_of(st->st_mode);
    entry->mode = (unsigned)st->st_mode & 07777U;
    entry->size = entry->kind == AUDIT_FILE ? (uint64_t)st->st_size : 0;
    entry->stamp = stamp_of(w, st);
    if (entry->kind == AUDIT_FILE && rule != AUDIT_RULE_SETID) {
        fd = audit_open(w, dir, name, 0);
        audit_content(w, fd, arena_str(w->a, str_n(w->physical.text, w->physical.len - 1)),
                      entry);
        fd_close(&fd);
    } else if (entry->kind == AUDIT_LINK) {
        record_link(w, dir, name, entry);
    }
}

void audit_record_lead(struct audit_walk *w, const char *shown, const char *path, unsigned rule)
{
    struct audit_entry *entry = add_shown(w, shown, rule);
    const char *physical = audit_physical(w->a, path);

    if (entry == NULL) {
        return;
    }
    entry->kind = AUDIT_LINK;
    entry->target = physical != NULL ? audit_shown(w->scope, w->a, physical) : "?";
    digest_link(w, physical, entry);
}
