/* SPDX-License-Identifier: MIT */
#include "creds/claude_merge.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/claude_json.h"
#include "creds/claude_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    LOCK_MS = 10000,
    TRIES = 5,
    NEW_MODE = 0600,
    LINKS_MAX = 40,
    EXCHANGE = 1 << 1 /* linux/fs.h, RENAME_EXCHANGE */
};

/* The identity of the file that was read, from stat(2). */
struct seen {
    bool exists;
    struct stat st;
};

static int look(const char *path, struct seen *s, struct err *e)
{
    s->exists = lstat(path, &s->st) == 0;
    if (!s->exists) {
        return errno == ENOENT ? 0 : err_sys(e, "%s", path);
    }
    if (!S_ISREG(s->st.st_mode)) {
        return err_set(e, ERR_REFUSED, "%s: not a regular file", path);
    }
    return 0;
}

static bool is_same(const struct seen *a, const struct seen *b)
{
    return a->exists == b->exists &&
           (!a->exists ||
            (a->st.st_dev == b->st.st_dev && a->st.st_ino == b->st.st_ino &&
             a->st.st_size == b->st.st_size && a->st.st_mtim.tv_sec == b->st.st_mtim.tv_sec &&
             a->st.st_mtim.tv_nsec == b->st.st_mtim.tv_nsec));
}

/* Returns the path of the file itself. Follows links one at a time, so that the last one may
 * also lead to a file that does not exist yet; realpath(3) would fail. */
static const char *physical(const char *path, struct arena *a, struct err *e)
{
    for (int i = 0; i < LINKS_MAX; i++) {
        char target[PATH_MAX];
        ssize_t len = readlink(path, target, sizeof(target));

        if (len < 0) {
            return path; /* not a link, or missing; look() finds out which */
        }
        if (len == 0 || (size_t)len >= sizeof(target)) {
            (void)err_set(e, ERR_REFUSED, "%s: the target of this link is empty or too long",
                          path);
            return NULL;
        }
        path = path_join(a, path_dir(a, path), arena_str(a, str_n(target, (size_t)len)));
    }
    (void)err_set(e, ERR_REFUSED, "%s: more than %d links in a row", path, (int)LINKS_MAX);
    return NULL;
}

struct job {
    const char *path; /* of the file itself, without links */
    const char *temp; /* the temporary name beside it */
    struct str base, other;
    const char *project;
};

/* Exchanges the files that have these two names. Returns 0 on success and -1 with errno on
 * error, as rename(2) does. renameat2(2), RENAME_EXCHANGE. */
static int exchange(const char *a, const char *b)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, EXCHANGE);
}

/* Returns whether this errno means that the file system or the kernel cannot do it at all. */
static bool cannot(int errnum)
{
    return errnum == EINVAL || errnum == ENOSYS || errnum == EOPNOTSUPP || errnum == EPERM;
}

/* Gives the new file `mine`, which has the name j->temp, the name j->path. Returns 1, with
 * nothing changed, if the file at j->path is not the file that was read (`before`). It is not
 * enough to check that first, because another process may rename its file to j->path right
 * after the check. So the two files are exchanged, the old file is checked, and exchanged back
 * if it is not the file that was read. If there was no file, link(2) serves the same purpose:
 * it fails if another process has made one. */
static int swap_in(const struct job *j, const struct stat *mine, const struct seen *before,
                   struct err *e)
{
    struct seen out = {0};

    if ((before->exists ? exchange(j->temp, j->path) : link(j->temp, j->path)) < 0) {
        if (errno == (before->exists ? ENOENT : EEXIST)) {
            return 1;
        }
        if (!cannot(errno) || rename(j->temp, j->path) < 0) { /* on some file systems */
            return err_sys(e, "%s", j->path);
        }
        return 0;
    }
    if (!before->exists) {
        (void)unlink(j->temp); /* if it stays, the next merge removes it */
        return 0;
    }
    out.exists = lstat(j->temp, &out.st) == 0;
    if (is_same(before, &out)) {
        (void)unlink(j->temp);
        return 0;
    }
    if (exchange(j->temp, j->path) < 0) {
        return errno == ENOENT ? 1 : err_sys(e, "%s", j->path);
    }
    if (lstat(j->temp, &out.st) == 0 &&
        (out.st.st_dev != mine->st_dev || out.st.st_ino != mine->st_ino)) {
        /* It was written once more between the two exchanges; that file is the newest. */
        (void)exchange(j->temp, j->path);
    }
    return 1;
}

/* Replaces the file by a new one with this text. Returns 1, with nothing changed, if the file
 * has been replaced since it was read. The file is synced but its directory is not, so after a
 * power failure the old file may be there again, complete. */
static int put(const struct job *j, struct str text, const struct seen *before, struct err *e)
{
    mode_t mode = before->exists ? before->st.st_mode & 0777 : NEW_MODE;
    struct seen now = {0};
    struct stat mine;
    int fd = -1;
    int rc = -1;

    if (file_write_new(j->temp, text, mode, e) < 0) {
        return -1;
    }
    fd = file_open(j->temp, O_RDONLY | O_NOFOLLOW, 0, e);
    if (fd < 0) {
        goto out;
    }
    if (fsync(fd) < 0 || fstat(fd, &mine) < 0) {
        (void)err_sys(e, "%s", j->temp);
        goto out;
    }
    if (look(j->path, &now, e) < 0) {
        goto out;
    }
    rc = is_same(before, &now) ? swap_in(j, &mine, before, e) : 1;
out:
    fd_close(&fd);
    if (rc != 0) {
        (void)unlink(j->temp); /* if it stays, the next merge removes it */
    }
    return rc;
}

/* Makes one attempt. Returns 1 if the file changed while it was merged. */
static int attempt(const struct job *j, bool *changed, struct err *e)
{
    struct seen before = {0};
    struct claude_json_sides sides = {
        .base = j->base, .other = j->other, .project = j->project};
    struct buf ours;
    struct buf made;
    int rc = -1;

    buf_init(&ours, LIMIT_CLAUDE_JSON);
    buf_init(&made, LIMIT_CLAUDE_JSON);
    if (look(j->path, &before, e) < 0) {
        goto out;
    }
    if (before.exists && file_read(j->path, &ours, e) < 0) {
        rc = e->kind == ERR_NOT_FOUND ? 1 : -1;
        goto out;
    }
    if (ours.len <= LIMIT_CLAUDE_JSON - CLAUDE_JSON_GROWTH) {
        /* It may contain secrets, and growing would leave copies of them in memory. */
        (void)buf_reserve(&made, ours.len + CLAUDE_JSON_GROWTH);
    } else {
        (void)buf_reserve(&made, LIMIT_CLAUDE_JSON);
    }
    sides.ours = buf_str(&ours);
    *changed = false;
    if (claude_json_merge(&sides, &made, changed, e) < 0) {
        goto out;
    }
    rc = *changed ? put(j, buf_str(&made), &before, e) : 0;
out:
    buf_wipe(&ours);
    buf_wipe(&made);
    return rc;
}

/* Repeats the attempt while other processes write the file without the lock. */
__attribute__((noinline)) static int merge_locked(const struct job *j, bool *differs,
                                                  struct err *e)
{
    int rc = 1;

    for (int i = 0; rc > 0 && i < TRIES; i++) {
        struct err own = {0};

        if (unlink(j->temp) < 0 && errno != ENOENT) { /* left by a killed cco */
            return err_sys(e, "%s", j->temp);
        }
        rc = attempt(j, differs, &own);
        if (rc < 0) {
            *e = own;
        }
    }
    return rc > 0 ? err_set(e, ERR_TIMEOUT, "another process keeps changing the file") : rc;
}

int claude_merge_file(const char *path, struct str base, struct str other, const char *project,
                      bool *changed, struct err *e)
{
    struct arena a = {0};
    struct claude_lock lock;
    struct job j = {.base = base, .other = other, .project = project};
    struct err apart = {0};
    bool differs = false;
    int dir = -1;
    int rc = -1;

    claude_lock_init(&lock);
    j.path = physical(path, &a, e);
    if (j.path == NULL) {
        goto out;
    }
    j.temp = arena_printf(&a, "%s.cco-tmp", j.path);
    dir = file_lock_dir(path_dir(&a, j.path), clock_ms() + LOCK_MS, &apart);
    lock.alone = dir >= 0;
    /* The lock is beside the path as claude knows it: claude does not follow links for it. */
    if (claude_lock_take(&lock, arena_printf(&a, "%s.lock", path), clock_ms() + LOCK_MS, e) <
        0) {
        goto out;
    }
    rc = merge_locked(&j, &differs, e);
    if (rc == 0) {
        *changed = differs;
    }
out:
    claude_lock_release(&lock);
    fd_close(&dir);
    if (rc < 0) {
        (void)err_wrap(e, "merge into %s", path);
    }
    arena_release(&a);
    return rc;
}
