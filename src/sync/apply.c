/* SPDX-License-Identifier: MIT */
#include "sync/apply.h"

#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "sync/place.h"
#include "sync/sync.h"
#include "sync/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct sync_entry gone = {.type = SYNC_GONE};

enum {
    TAG_LEN = 8,
    TRIES = 1000,   /* names that are tried for a state that is kept beside */
    EARLY = 1 << 20 /* bytes; the disk begins to write such files at once */
};

int apply_open(struct apply *a, int root, struct err *e)
{
    *a = (struct apply){.fd = -1};
    dirs_init(&a->dirs, root);
    buf_init(&a->path, LIMIT_SYNC_PATH);
    return random_hex(a->tag, TAG_LEN, e);
}

void apply_release(struct apply *a)
{
    apply_cancel(a);
    dirs_release(&a->dirs);
    buf_release(&a->path);
    arena_release(&a->arena);
}

static void next_temp(struct apply *a)
{
    (void)snprintf(a->temp, sizeof(a->temp), ".cco-sync.%.8s%08x", a->tag, a->serial++);
}

/* Returns the directory of `path`, borrowed, and -1 on error. Makes the directory writable if
 * this user owns it; apply_stamp() sets its mode again. */
static int open_place(struct apply *a, struct str path, char name[DIRS_NAME], struct err *e)
{
    struct err why = {0};
    int fd = dirs_parent(&a->dirs, path, name, &why);
    struct stat st;

    if (fd < 0) {
        *e = why;
        return -1;
    }
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0 && errno == EACCES &&
        fstat(fd, &st) == 0 && st.st_uid == geteuid()) {
        /* If this fails, the following change of the directory fails as well. */
        (void)fchmod(fd, (st.st_mode & 07777) | 0700);
    }
    return fd;
}

/* Prepares for the removal or replacement of `path`: sets *fd to its directory, borrowed, and
 * `name` to its last component. Returns 0 if it is in the expected state, otherwise 1 or -1 as
 * in apply.h. */
static int open_expected(struct apply *a, struct str path, const struct sync_entry *expected,
                         int *fd, char name[DIRS_NAME], struct err *e)
{
    if (expected->type == SYNC_DIR) {
        dirs_forget(&a->dirs, path);
    }
    *fd = open_place(a, path, name, e);
    if (*fd < 0) {
        return place_soft(e);
    }
    return place_is(*fd, name, expected, e) ? 0 : 1;
}

int apply_drop(struct apply *a, struct str path, const struct sync_entry *expected,
               struct err *e)
{
    char name[DIRS_NAME];
    int fd;
    int rc;

    rc = open_expected(a, path, expected, &fd, name, e);
    if (rc != 0) {
        return rc;
    }
    if (unlinkat(fd, name, expected->type == SYNC_DIR ? AT_REMOVEDIR : 0) < 0) {
        (void)err_sys(e, "remove %s", name);
        return place_soft(e);
    }
    a->dirty = true;
    return 0;
}

/* Removes `name` if a rename or mkdir(2) could not replace it, because one of the two states is
 * a directory. */
static int clear(struct apply *a, int fd, const char *name, const struct sync_entry *expected,
                 const struct sync_entry *entry, struct err *e)
{
    bool dir = expected->type == SYNC_DIR;

    if (expected->type == SYNC_GONE || (!dir && entry->type != SYNC_DIR)) {
        return 0;
    }
    if (unlinkat(fd, name, dir ? AT_REMOVEDIR : 0) < 0) {
        (void)err_sys(e, "remove %s", name);
        return place_soft(e);
    }
    a->dirty = true;
    return 0;
}

static int make_dir(struct apply *a, int fd, const char *name, const struct sync_entry *entry,
                    struct err *e)
{
    int made;
    int rc = 0;

    if (mkdirat(fd, name, 0700) < 0) {
        (void)err_sys(e, "make directory %s", name);
        return place_soft(e);
    }
    a->dirty = true;
    made = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (made < 0 || (a->give && fchown(made, a->uid, a->gid) < 0) ||
        fchmod(made, entry->mode | 0700) < 0) {
        (void)err_sys(e, "%s", name);
        rc = place_soft(e);
    }
    fd_close(&made);
    return rc;
}

/* Creates a link under a temporary name in the directory. */
static int make_link(struct apply *a, int fd, const struct sync_entry *entry, struct err *e)
{
    char target[LIMIT_PATH];
    struct timespec times[2] = {{0, UTIME_OMIT}, {entry->mtime, entry->mtime_ns}};

    next_temp(a);
    if (entry->target.len >= sizeof(target)) {
        (void)err_set(e, ERR_LIMIT, "the target of the link has %zu bytes", entry->target.len);
        return 1;
    }
    memcpy(target, entry->target.p, entry->target.len);
    target[entry->target.len] = '\0';
    if (symlinkat(target, fd, a->temp) < 0) {
        (void)err_sys(e, "make a link");
        return place_soft(e);
    }
    a->dirty = true;
    if (a->give && fchownat(fd, a->temp, a->uid, a->gid, AT_SYMLINK_NOFOLLOW) < 0) {
        (void)err_sys(e, "change the owner of a link");
        (void)unlinkat(fd, a->temp, 0); /* the first error is reported */
        return place_soft(e);
    }
    (void)utimensat(fd, a->temp, times, AT_SYMLINK_NOFOLLOW); /* times of links do not matter */
    return 0;
}

/* Renames the temporary file or link to `name`. */
static int put(struct apply *a, int fd, const char *name, struct err *e)
{
    if (renameat(fd, a->temp, fd, name) < 0) {
        (void)err_sys(e, "rename to %s", name);
        (void)unlinkat(fd, a->temp, 0); /* the first error is reported */
        return place_soft(e);
    }
    a->dirty = true;
    return 0;
}

int apply_make(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct err *e)
{
    char name[DIRS_NAME];
    int fd;
    int rc;

    rc = open_expected(a, path, expected, &fd, name, e);
    if (rc != 0) {
        return rc;
    }
    rc = clear(a, fd, name, expected, entry, e);
    if (rc != 0 || entry->type == SYNC_DIR) {
        return rc != 0 ? rc : make_dir(a, fd, name, entry, e);
    }
    rc = make_link(a, fd, entry, e);
    return rc != 0 ? rc : put(a, fd, name, e);
}

int apply_begin(struct apply *a, struct str path, const struct sync_entry *entry, struct err *e)
{
    char name[DIRS_NAME];
    int fd = open_place(a, path, name, e);

    if (fd < 0) {
        return place_soft(e);
    }
    next_temp(a);
    a->fd = openat(fd, a->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (a->fd < 0) {
        (void)err_sys(e, "make %s", name);
        return place_soft(e);
    }
    a->dirty = true;
    a->at = 0;
    a->entry = *entry;
    buf_reset(&a->path);
    (void)buf_add_str(&a->path, path); /* it fits, because dirs_parent() accepted it */
    return 0;
}

int apply_data(struct apply *a, struct str bytes, struct err *e)
{
    if (bytes.len > a->entry.size - a->at) {
        return err_set(e, ERR_FORMAT, "there are more bytes than the file has");
    }
    while (bytes.len > 0) {
        ssize_t put_len = pwrite(a->fd, bytes.p, bytes.len, (off_t)a->at);

        if (put_len < 0 && errno == EINTR) {
            continue;
        }
        if (put_len <= 0) {
            (void)err_sys(e, "write");
            return place_soft(e);
        }
        a->at += (uint64_t)put_len;
        bytes = str_drop(bytes, (size_t)put_len);
    }
    return 0;
}

int apply_hole(struct apply *a, uint64_t len, struct err *e)
{
    if (len > a->entry.size - a->at) {
        return err_set(e, ERR_FORMAT, "a hole is longer than the file");
    }
    a->at += len;
    return 0;
}

void apply_cancel(struct apply *a)
{
    struct err ignored = {0};
    char name[DIRS_NAME];

    if (a->fd >= 0) {
        int fd = dirs_parent(&a->dirs, buf_str(&a->path), name, &ignored);

        fd_close(&a->fd);
        if (fd >= 0) {
            (void)unlinkat(fd, a->temp, 0); /* if this fails, the next run removes it */
        }
    }
}

/* Sets the length, owner, mode and time of the complete file. `old` is the state of the file
 * that it replaces, or NULL. */
static int finish(struct apply *a, const struct stat *old, struct sync_entry *now,
                  struct err *e)
{
    const struct timespec times[2] = {{0, UTIME_OMIT}, {a->entry.mtime, a->entry.mtime_ns}};
    struct stat st;
    bool good = true;

    if (a->at != a->entry.size) {
        return err_set(e, ERR_FORMAT, "there are fewer bytes than the file has");
    }
    if (a->give) {
        good = fchown(a->fd, a->uid, a->gid) == 0;
    } else if (old != NULL && (old->st_uid != geteuid() || old->st_gid != getegid())) {
        /* Root keeps the owner, and another user keeps the group if it is allowed to. */
        good = fchown(a->fd, old->st_uid, old->st_gid) == 0 || errno == EPERM;
    }
    /* ftruncate(2) makes the hole at the end, if there is one. */
    if (!good || ftruncate(a->fd, (off_t)a->entry.size) < 0 ||
        fchmod(a->fd, a->entry.mode) < 0 || futimens(a->fd, times) < 0 ||
        fstat(a->fd, &st) < 0) {
        (void)err_sys(e, "write");
        return place_soft(e);
    }
    if (a->entry.size >= EARLY) {
        (void)sync_file_range(a->fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* only a hint */
    }
    if (now != NULL) {
        *now = walk_entry(&st);
    }
    return 0;
}

int apply_end(struct apply *a, const struct sync_entry *expected, struct sync_entry *now,
              struct err *e)
{
    char name[DIRS_NAME];
    struct stat st;
    int fd;
    int rc;

    if (expected->type == SYNC_DIR) {
        dirs_forget(&a->dirs, buf_str(&a->path));
    }
    fd = dirs_parent(&a->dirs, buf_str(&a->path), name, e);
    if (fd < 0) {
        return place_soft(e);
    }
    rc = finish(a, fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? &st : NULL, now, e);
    if (rc == 0 && !place_is(fd, name, expected, e)) {
        rc = 1;
    }
    if (rc == 0) {
        rc = clear(a, fd, name, expected, &a->entry, e);
    }
    if (rc == 0) {
        fd_close(&a->fd);
        return put(a, fd, name, e);
    }
    return rc;
}

/* Returns the path of `name` in the directory of `path`, in the arena of a. */
static struct str sibling(struct apply *a, struct str path, const char *name)
{
    char *text;

    while (path.len > 0 && path.p[path.len - 1] != '/') {
        path.len--;
    }
    text = arena_alloc(&a->arena, path.len + DIRS_NAME);
    if (path.len > 0) {
        memcpy(text, path.p, path.len);
    }
    (void)snprintf(text + path.len, DIRS_NAME, "%s", name);
    return str_c(text);
}

int apply_end_beside(struct apply *a, struct str *kept, struct err *e)
{
    struct str path = buf_str(&a->path);
    char name[DIRS_NAME];
    char beside[DIRS_NAME];
    int fd = dirs_parent(&a->dirs, path, name, e);
    int rc = fd < 0 ? place_soft(e) : finish(a, NULL, NULL, e);

    for (unsigned n = 1; rc == 0; n++) {
        if (n > TRIES) {
            return 1; /* place_is() has set *e */
        }
        place_conflict_name(name, n, beside);
        if (place_has(fd, beside, fd, a->temp)) {
            apply_cancel(a);
            break;
        }
        if (place_is(fd, beside, &gone, e)) {
            fd_close(&a->fd);
            rc = put(a, fd, beside, e);
            break;
        }
    }
    if (rc == 0) {
        *kept = sibling(a, path, beside);
    }
    return rc;
}

int apply_make_beside(struct apply *a, struct str path, const struct sync_entry *entry,
                      struct str *kept, struct err *e)
{
    char name[DIRS_NAME];
    char beside[DIRS_NAME];
    int fd = open_place(a, path, name, e);
    int rc;

    if (fd < 0) {
        return place_soft(e);
    }
    for (unsigned n = 1;; n++) {
        if (n > TRIES) {
            return 1; /* place_is() has set *e */
        }
        place_conflict_name(name, n, beside);
        if (entry->type == SYNC_LINK && place_is(fd, beside, entry, e)) {
            *kept = sibling(a, path, beside);
            return 0;
        }
        if (place_is(fd, beside, &gone, e)) {
            break;
        }
    }
    if (entry->type == SYNC_DIR) {
        rc = make_dir(a, fd, beside, entry, e);
    } else {
        rc = make_link(a, fd, entry, e);
        rc = rc != 0 ? rc : put(a, fd, beside, e);
    }
    if (rc == 0) {
        *kept = sibling(a, path, beside);
    }
    return rc;
}

int apply_meta(struct apply *a, struct str path, const struct sync_entry *expected,
               const struct sync_entry *entry, struct sync_entry *now, struct err *e)
{
    char name[DIRS_NAME];
    int fd = dirs_parent(&a->dirs, path, name, e);

    if (fd < 0) {
        return place_soft(e);
    }
    if (!place_is(fd, name, expected, e)) {
        return 1;
    }
    if (place_set(fd, name, entry, now) < 0) {
        (void)err_sys(e, "%s", name);
        return place_soft(e);
    }
    a->dirty = true;
    return 0;
}

void apply_stamp(struct apply *a, struct str path, const struct sync_entry *entry)
{
    struct err ignored = {0};
    char name[DIRS_NAME];
    int fd = dirs_parent(&a->dirs, path, name, &ignored);

    if (fd >= 0) {
        (void)place_set(fd, name, entry, NULL); /* apply.h says that errors are ignored */
    }
}

int apply_flush(struct apply *a, struct err *e)
{
    if (a->dirty && syncfs(a->dirs.root) < 0) {
        return err_sys(e, "write to the disk");
    }
    a->dirty = false;
    return 0;
}
