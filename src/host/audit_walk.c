/* SPDX-License-Identifier: MIT */
#include "host/audit_walk.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "host/audit_table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, CHUNK = 4096 };

/* A directory in the queue of those that are not examined yet. */
struct audit_node {
    struct audit_node *next;
    const char *path;         /* relative to the root; "" is the root itself */
    struct audit_items items; /* what to look for in it */
};

/* The result of matching one name of a directory with all items of this directory. */
struct match {
    bool is_file;       /* a rule matches it as a file; `rule` is the first such rule */
    bool by_name;       /* is_file, and the rule has this name, not a pattern */
    bool below;         /* a rule can match something below it */
    bool below_by_name; /* below, and the rule has this name, not a pattern */
    bool too_deep;      /* a "**" would go below it, but has reached AUDIT_DEPTH_MAX */
    unsigned rule;      /* valid if is_file or below */
};

/* Returns true if the walk must end, because its result would be incomplete. */
static bool is_fatal(int errnum)
{
    return errnum == EMFILE || errnum == ENFILE || errnum == ENOMEM;
}

static int open_at(struct audit_walk *w, int dir, const char *name, int flags)
{
    int fd;

    do {
        fd = openat(dir, name, READ_FLAGS | flags);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0 && is_fatal(errno)) {
        w->fatal = errno;
    }
    return fd;
}

/* Opens a directory below the root, component by component, because O_NOFOLLOW applies only to
 * the last component of a path. Returns a descriptor, and -1 with errno on error. openat(2). */
static int open_dir(struct audit_walk *w, const char *path)
{
    int fd = open_at(w, w->root, ".", O_DIRECTORY);
    struct str rest = str_c(path);

    while (fd >= 0 && rest.len > 0) {
        struct str name = {0};
        char copy[NAME_MAX + 1];
        int below = -1;

        (void)str_cut(&rest, '/', &name);
        if (name.len > NAME_MAX) {
            fd_close(&fd);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(copy, name.p, name.len);
        copy[name.len] = '\0';
        below = open_at(w, fd, copy, O_DIRECTORY);
        fd_close(&fd);
        fd = below;
    }
    return fd;
}

static const char *path_below(struct audit_walk *w, const struct audit_node *n,
                              const char *name)
{
    return n->path[0] == '\0' ? arena_strdup(w->a, name)
                              : arena_printf(w->a, "%s/%s", n->path, name);
}

/* Records that the directory `path` exceeds a limit, if none has been recorded before. */
static void overflow(struct audit_walk *w, const char *path)
{
    if (w->out->overflow == NULL) {
        w->out->overflow = path[0] == '\0' && w->prefix[0] == '\0'
                               ? "."
                               : arena_printf(w->a, "%s%s", w->prefix, path);
    }
}

static const char *stamp_of(struct audit_walk *w, const struct stat *st)
{
#ifdef __APPLE__
    const struct timespec m = st->st_mtimespec;
    const struct timespec c = st->st_ctimespec;
#else
    const struct timespec m = st->st_mtim;
    const struct timespec c = st->st_ctim;
#endif
    return arena_printf(w->a, "%llu %lld.%ld %lld.%ld", (unsigned long long)st->st_ino,
                        (long long)m.tv_sec, m.tv_nsec, (long long)c.tv_sec, c.tv_nsec);
}

/* Hashes the beginning of a regular file into the entry. If the file cannot be opened or read,
 * the digest stays empty and the kind becomes AUDIT_UNREADABLE. If too few bytes may still be
 * hashed, the digest stays empty. */
static void read_file(struct audit_walk *w, int dir, const char *name,
                      struct audit_entry *entry)
{
    struct sha256 h;
    struct stat st;
    char bytes[CHUNK];
    uint64_t done = 0;
    uint64_t most = w->hash_left < AUDIT_HASH_MAX ? w->hash_left : AUDIT_HASH_MAX;
    ssize_t got = 1;
    int fd;

    if (most == 0 || (entry->size > most && most < AUDIT_HASH_MAX)) {
        return;
    }
    fd = open_at(w, dir, name, 0);
    /* The file may have been replaced since it was examined. */
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        entry->kind = AUDIT_UNREADABLE;
        fd_close(&fd);
        return;
    }
    sha256_init(&h);
    while (got > 0 && done < most) {
        uint64_t left = most - done;

        got = fd_read(fd, bytes, left < CHUNK ? (size_t)left : CHUNK);
        if (got > 0) {
            sha256_add(&h, bytes, (size_t)got);
            done += (uint64_t)got;
        }
    }
    w->hash_left -= done;
    if (got < 0) {
        entry->kind = AUDIT_UNREADABLE;
    } else {
        sha256_hex(&h, entry->digest);
    }
    fd_close(&fd);
}

static const char *read_link(struct audit_walk *w, int dir, const char *name)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(dir, name, target, sizeof(target));

    return len > 0 ? arena_str(w->a, str_n(target, (size_t)len))
                   : "?"; /* it was removed meanwhile */
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

/* Adds an entry. Returns it, and NULL if the snapshot is full. */
static struct audit_entry *add_entry(struct audit_walk *w, const char *path, unsigned rule)
{
    struct audit *out = w->out;
    struct audit_entry *entry;

    if (out->count == AUDIT_MAX) {
        return NULL;
    }
    out->entries = list_grow(w->a, out->entries, out->count, &w->cap, sizeof(out->entries[0]));
    entry = &out->entries[out->count++];
    *entry = (struct audit_entry){
        .path = arena_printf(w->a, "%s%s", w->prefix, path), .rule = rule, .stamp = ""};
    return entry;
}

/* Adds an entry for a name of the directory. */
static void record(struct audit_walk *w, int dir, const struct audit_node *n, const char *name,
                   unsigned rule, const struct stat *st)
{
    struct audit_entry *entry = add_entry(w, path_below(w, n, name), rule);

    if (entry == NULL) {
        overflow(w, n->path);
        return;
    }
    entry->kind = kind_of(st->st_mode);
    entry->mode = (unsigned)st->st_mode & 07777U;
    entry->size = entry->kind == AUDIT_FILE ? (uint64_t)st->st_size : 0;
    entry->stamp = stamp_of(w, st);
    if (entry->kind == AUDIT_FILE) {
        read_file(w, dir, name, entry);
    } else if (entry->kind == AUDIT_LINK) {
        entry->target = read_link(w, dir, name);
    }
}

void audit_items_add(struct audit_items *items, struct arena *a, unsigned rule, unsigned deep,
                     const char *rest)
{
    for (;;) {
        items->v = list_grow(a, items->v, items->count, &items->cap, sizeof(items->v[0]));
        items->v[items->count++] =
            (struct audit_item){.rule = rule, .deep = deep, .rest = rest};
        if (strncmp(rest, "**/", 3) != 0) {
            return;
        }
        rest += 3; /* "**" also stands for no directory at all */
    }
}

static struct audit_node *add_node(struct audit_walk *w, const char *path,
                                   struct audit_items items)
{
    struct audit_node *n = arena_alloc(w->a, sizeof(*n));

    n->path = path;
    n->items = items;
    if (w->last != NULL) {
        w->last->next = n;
    }
    w->last = n;
    return n;
}

/* Matches one item with a name: updates *m, and adds to *below the items for the directory of
 * this name, if it is one. */
static void match_item(struct audit_walk *w, const struct audit_item *item, const char *name,
                       struct match *m, struct audit_items *below)
{
    const struct audit_rule *rule = &audit_rules[item->rule];
    size_t len = strcspn(item->rest, "/");
    bool is_last = item->rest[len] == '\0';
    bool any_depth = len == 2 && memcmp(item->rest, "**", 2) == 0;
    bool by_name = memchr(item->rest, '*', len) == NULL;
    bool known = m->is_file || m->below;

    if (any_depth ? audit_is_data(rule, name, false) : !audit_glob(item->rest, len, name)) {
        return;
    }
    if (is_last && audit_is_data(rule, name, true)) {
        return;
    }
    if (is_last) {
        m->rule = m->is_file && m->rule < item->rule ? m->rule : item->rule;
        m->is_file = true;
        m->by_name = m->by_name || by_name;
    }
    if (any_depth && item->deep == AUDIT_DEPTH_MAX) {
        m->too_deep = true;
        return;
    }
    if (any_depth || !is_last) {
        m->rule = known ? m->rule : item->rule;
        m->below = true;
        m->below_by_name = m->below_by_name || by_name;
        audit_items_add(below, w->a, item->rule, any_depth ? item->deep + 1 : item->deep,
                        any_depth ? item->rest : item->rest + len + 1);
    }
}

/* Examines one name of a directory. fstatat(2) comes first, because most names of the table do
 * not exist in a project. */
static void look_at(struct audit_walk *w, int dir, const struct audit_node *n, const char *name)
{
    struct match m = {0};
    struct audit_items below = {0};
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return;
    }
    for (size_t i = 0; i < n->items.count; i++) {
        match_item(w, &n->items.v[i], name, &m, &below);
    }
    if (!m.is_file && !m.below) {
        return;
    }
    if (S_ISDIR(st.st_mode)) {
        if (m.by_name) {
            record(w, dir, n, name, m.rule, &st);
        }
        if (m.too_deep) {
            overflow(w, path_below(w, n, name));
        }
        if (m.below) {
            (void)add_node(w, path_below(w, n, name), below);
        }
        return;
    }
    /* It is not a directory. It is recorded if a rule matches it as a file; if a rule has a
     * directory of this name; or if it is a link below the root in the place of a directory
     * that a rule only matches with a pattern, because that link would lead git to files that
     * were not examined. At the root such a link is normal in a project. */
    if (m.is_file || m.below_by_name || (S_ISLNK(st.st_mode) && n->path[0] != '\0')) {
        record(w, dir, n, name, m.rule, &st);
    }
}

/* Returns true if one of the first `before` items has exactly this name. Such names are
 * examined before the directory is read. */
static bool is_named(const struct audit_node *n, size_t before, const char *name, size_t len)
{
    for (size_t i = 0; i < before; i++) {
        const char *rest = n->items.v[i].rest;

        if (strcspn(rest, "/") == len && memcmp(rest, name, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Examines the names that items have without a pattern, each once. Returns true if an item has
 * a pattern, so that the directory must be read. */
static bool look_at_named(struct audit_walk *w, int dir, const struct audit_node *n)
{
    bool want_all = false;

    for (size_t i = 0; i < n->items.count && w->fatal == 0; i++) {
        const char *rest = n->items.v[i].rest;
        size_t len = strcspn(rest, "/");

        if (memchr(rest, '*', len) != NULL) {
            want_all = true;
        } else if (!is_named(n, i, rest, len)) {
            look_at(w, dir, n, arena_str(w->a, str_n(rest, len)));
        }
    }
    return want_all;
}

/* Examines all names of a directory, and closes the descriptor. */
static void look_at_all(struct audit_walk *w, int *dir, const struct audit_node *n)
{
    DIR *names = fdopendir(*dir);
    const struct dirent *d;

    if (names == NULL) {
        return;
    }
    while (w->fatal == 0 && (d = readdir(names)) != NULL) {
        if (w->names_left == 0 || w->out->count == AUDIT_MAX) {
            overflow(w, n->path);
            break;
        }
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0) {
            continue;
        }
        w->names_left--;
        if (!is_named(n, n->items.count, d->d_name, strlen(d->d_name))) {
            look_at(w, *dir, n, d->d_name);
        }
    }
    (void)closedir(names); /* an error loses nothing, because nothing was written */
    *dir = -1;
}

/* Examines one directory of the queue. */
static void examine_dir(struct audit_walk *w, const struct audit_node *n)
{
    int dir = open_dir(w, n->path);
    struct audit_entry *entry;

    if (dir < 0) {
        /* If the directory may not be read, record that. */
        entry = errno == EACCES || errno == EPERM
                    ? add_entry(w, n->path[0] != '\0' ? n->path : ".", n->items.v[0].rule)
                    : NULL;
        if (entry != NULL) {
            entry->kind = AUDIT_UNREADABLE;
        }
        return;
    }
    if (look_at_named(w, dir, n)) {
        look_at_all(w, &dir, n);
    }
    fd_close(&dir);
}

void audit_walk(struct audit_walk *w, struct audit_items items)
{
    const struct audit_node *n = NULL;

    w->last = NULL;
    if (items.count > 0) {
        n = add_node(w, "", items);
    }
    for (; n != NULL && w->fatal == 0; n = n->next) {
        examine_dir(w, n);
    }
}

int audit_walk_read(struct audit_walk *w, const char *path, struct buf *out)
{
    struct err ignored = {0};
    struct stat st;
    int dir = open_dir(w, path_dir(w->a, path));
    int fd = dir >= 0 ? open_at(w, dir, path_base(path), 0) : -1;
    int rc = -1;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        rc = file_read_fd(fd, path, 0, out, &ignored);
    }
    fd_close(&fd);
    fd_close(&dir);
    return rc;
}
