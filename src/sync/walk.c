/* SPDX-License-Identifier: MIT */
#include "sync/walk.h"

#include "base/dir_names.h"
#include "base/limits.h"
#include "sync/dirs.h"
#include "sync/filter.h"
#include "sync/sort.h"
#include "sync/sync.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 1 << 30 };

/* A directory that is being read. */
struct level {
    struct buf names;         /* for each entry: its d_type (1 byte), name, NUL */
    struct sort_name *sorted; /* the names in order; as many elements behind are scratch */
    size_t count, cap;        /* names, and allocated elements for names */
    size_t at;                /* the next name */
    size_t path_len;          /* length of the path of the directory */
};

struct walk {
    struct dirs dirs;
    struct sync_filter *filter;
    bool sweep;
    struct synclist_w out;
    struct walk_seen *seen;
    struct level *levels;
    size_t depth, level_cap; /* levels in use, allocated levels */
    struct buf path;         /* the current path */
    char *chunk;             /* for struct dir_names */
};

static void *grown(void *p, size_t count, size_t size)
{
    p = reallocarray(p, count, size);
    if (p == NULL) {
        abort();
    }
    return p;
}

struct sync_entry walk_entry(const struct stat *st)
{
    struct sync_entry entry = {.type = SYNC_LEFT};

    if (S_ISREG(st->st_mode)) {
        entry.type = SYNC_FILE;
        entry.size = (uint64_t)st->st_size;
    } else if (S_ISDIR(st->st_mode)) {
        entry.type = SYNC_DIR;
    } else if (S_ISLNK(st->st_mode)) {
        entry.type = SYNC_LINK;
    } else {
        return entry;
    }
    entry.mode = entry.type == SYNC_LINK ? 0 : (unsigned)st->st_mode & 0777;
    entry.mtime = st->st_mtim.tv_sec;
    entry.mtime_ns = (unsigned)st->st_mtim.tv_nsec;
    return entry;
}

/* Reads the names of the directory fd into l->names. Sets *has for sync_filter_enter(). */
static int read_names(struct walk *w, int fd, struct level *l, unsigned *has, struct err *e)
{
    struct dir_names names = {.fd = fd, .chunk = w->chunk};
    const struct dirent *entry;

    buf_reset(&l->names);
    l->count = 0;
    *has = 0;
    while ((entry = dir_names_next(&names)) != NULL) {
        const char *name = entry->d_name;

        *has |= strcmp(name, ".gitignore") == 0 ? (unsigned)SYNC_HAS_IGNORE : 0U;
        *has |= strcmp(name, ".git") == 0 ? (unsigned)SYNC_HAS_GIT : 0U;
        (void)buf_add_byte(&l->names, entry->d_type);
        if (buf_add(&l->names, name, strlen(name) + 1) < 0) {
            return err_set(e, ERR_LIMIT, "a directory has too many names");
        }
        l->count++;
    }
    errno = names.error;
    return names.error != 0 ? err_sys(e, "read directory") : 0;
}

static void sort_level(struct level *l)
{
    const char *p = buf_data(&l->names);

    if (l->count > l->cap) {
        l->cap = l->count * 2;
        l->sorted = grown(l->sorted, l->cap, 2 * sizeof(*l->sorted)); /* one half is scratch */
    }
    for (size_t i = 0; i < l->count; i++) {
        l->sorted[i] = sort_name(p + 1);
        p += strlen(p + 1) + 2;
    }
    sort_names(l->sorted, l->sorted + l->count, l->count);
    l->at = 0;
}

/* Reads the names of the directory w->path and adds a level for it. Returns 0 on success, 1 if
 * the directory cannot be read, and -1 if the walk must end. */
static int enter(struct walk *w, struct err *e)
{
    struct err why = {0};
    struct level *l;
    unsigned has = 0;
    int fd = dirs_at(&w->dirs, buf_str(&w->path), &why);

    if (w->depth == w->level_cap) {
        w->level_cap = w->level_cap == 0 ? 16 : 2 * w->level_cap;
        w->levels = grown(w->levels, w->level_cap, sizeof(*w->levels));
        memset(w->levels + w->depth, 0, (w->level_cap - w->depth) * sizeof(*w->levels));
    }
    l = &w->levels[w->depth];
    l->names.max = NAMES_MAX;
    if (fd < 0 || read_names(w, fd, l, &has, &why) < 0) {
        if (w->depth == 0 ||
            (why.kind == ERR_SYS && (why.errnum == EMFILE || why.errnum == ENFILE))) {
            *e = why;
            return -1;
        }
        return 1;
    }
    if (w->filter != NULL) {
        sync_filter_enter(w->filter, w->path.len > 0 ? buf_c(&w->path) : "", fd, has);
    }
    sort_level(l);
    l->path_len = w->path.len;
    w->depth++;
    return 0;
}

static int left_alone(struct walk *w, struct err *e)
{
    const struct sync_entry left = {.type = SYNC_LEFT};

    return synclist_add(&w->out, buf_str(&w->path), &left, e);
}

static int unreadable(struct walk *w, struct err *e)
{
    w->seen->unreadable++;
    if (w->seen->unreadables != NULL && buf_room(w->seen->unreadables) > w->path.len) {
        (void)buf_add_str(w->seen->unreadables, buf_str(&w->path));
        (void)buf_add_byte(w->seen->unreadables, '\0');
    }
    return left_alone(w, e);
}

static int add_link(struct walk *w, int fd, const char *name, struct sync_entry *entry,
                    struct err *e)
{
    char target[LIMIT_PATH];
    ssize_t len = readlinkat(fd, name, target, sizeof(target));

    if (len <= 0 || len == (ssize_t)sizeof(target)) {
        return len < 0 && errno == ENOENT ? 0 : left_alone(w, e);
    }
    entry->target = str_n(target, (size_t)len);
    w->seen->entries++;
    return synclist_add(&w->out, buf_str(&w->path), entry, e);
}

/* Adds a directory and enters it. If it cannot be read, it is left alone. */
static int add_dir(struct walk *w, const struct sync_entry *entry, struct err *e)
{
    int rc = w->depth >= LIMIT_SYNC_DEPTH ? 1 : enter(w, e);

    if (rc != 0) {
        return rc < 0 ? -1 : unreadable(w, e);
    }
    w->seen->entries++;
    return synclist_add(&w->out, buf_str(&w->path), entry, e);
}

static int add(struct walk *w, int fd, const char *name, unsigned char type, struct err *e)
{
    struct sync_entry entry;
    struct stat st;

    if (w->filter != NULL && type != DT_UNKNOWN &&
        sync_filter_skips(w->filter, buf_c(&w->path), type == DT_DIR)) {
        return left_alone(w, e);
    }
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT ? 0 : unreadable(w, e);
    }
    if (w->filter != NULL && type == DT_UNKNOWN &&
        sync_filter_skips(w->filter, buf_c(&w->path), S_ISDIR(st.st_mode))) {
        return left_alone(w, e);
    }
    entry = walk_entry(&st);
    switch (entry.type) {
    case SYNC_DIR:
        return add_dir(w, &entry, e);
    case SYNC_LINK:
        return add_link(w, fd, name, &entry, e);
    case SYNC_FILE:
        w->seen->entries++;
        return synclist_add(&w->out, buf_str(&w->path), &entry, e);
    case SYNC_GONE:
    case SYNC_LEFT:
    case SYNC_TYPE_COUNT:
        break;
    }
    w->seen->special++;
    return left_alone(w, e);
}

/* Handles the next name of the innermost directory, or leaves that directory at its end. */
static int step(struct walk *w, struct err *e)
{
    struct level *l = &w->levels[w->depth - 1];
    const char *name;
    int fd;

    if (l->at == l->count) {
        w->depth--;
        return 0;
    }
    w->path.len = l->path_len;
    fd = dirs_at(&w->dirs, buf_str(&w->path), e);
    if (fd < 0) {
        return -1; /* another process has moved the directory; the next run sees that */
    }
    name = l->sorted[l->at++].name;
    if (sync_is_temporary(name)) {
        if (w->sweep) {
            (void)unlinkat(fd, name, 0); /* if this fails, the file stays */
        }
        return 0;
    }
    if (w->path.len + strlen(name) + 1 >= LIMIT_SYNC_PATH) {
        w->seen->unreadable++;
        return 0; /* a path of this length cannot be in a listing, nor in a base */
    }
    if (l->path_len > 0) {
        (void)buf_add_byte(&w->path, '/');
    }
    (void)buf_add_c(&w->path, name);
    return add(w, fd, name, (unsigned char)name[-1], e);
}

int walk_tree(int root_fd, struct sync_filter *filter, bool sweep, struct buf *out,
              struct walk_seen *seen, struct err *e)
{
    struct walk *w = calloc(1, sizeof(*w));
    int rc = -1;
    /* A new file description, because reading the names moves its position. */
    int fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (w == NULL) {
        abort();
    }
    dirs_init(&w->dirs, fd);
    w->filter = filter;
    w->sweep = sweep;
    w->seen = seen;
    w->chunk = grown(NULL, 1, DIR_NAMES_CHUNK);
    synclist_w_init(&w->out, out);
    buf_init(&w->path, LIMIT_SYNC_PATH + 1); /* buf_c() needs room for a NUL */
    if (fd < 0) {
        (void)err_sys(e, "open directory");
        goto out;
    }
    rc = enter(w, e);
    while (rc == 0 && w->depth > 0) {
        rc = step(w, e);
    }
out:
    for (size_t i = 0; i < w->level_cap; i++) {
        buf_release(&w->levels[i].names);
        free(w->levels[i].sorted);
    }
    free(w->levels);
    dirs_release(&w->dirs);
    synclist_w_release(&w->out);
    buf_release(&w->path);
    free(w->chunk);
    free(w);
    if (fd >= 0) {
        (void)close(fd);
    }
    return rc;
}
