/* SPDX-License-Identifier: MIT */
/* Removes a whole tree without recursion and without following links. */
#include "base/fd.h"
#include "base/file.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 128, NAME_TRIES = 10000 };

struct walk {
    DIR *dirs[DEPTH_MAX];       /* the open directories, the outermost first */
    char names[DEPTH_MAX][256]; /* name of each directory in its parent; names[0] is unused */
    size_t depth;               /* open directories */
    unsigned lifted;            /* names that lift() has tried */
};

/* Moves a directory that is nested too deeply up into the outermost directory, where it is
 * removed later. An agent must not be able to prevent the removal of its files by nesting
 * directories deeply. */
static int lift(struct walk *w, int parent, const char *name, struct err *e)
{
    const int top = dirfd(w->dirs[0]);
    char other[64];

    (void)fchmod(parent, 0700);
    (void)fchmod(top, 0700);
    /* The move changes the ".." of the directory, so the kernel requires write permission on
     * it. */
    (void)!fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW);
    for (; w->lifted < NAME_TRIES; w->lifted++) {
        (void)snprintf(other, sizeof(other), ".deep-%u", w->lifted);
        if (renameat(parent, name, top, other) == 0) {
            w->lifted++;
            return 0;
        }
        if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR) {
            break;
        }
    }
    return err_sys(e, "move %s, which is nested too deeply", name);
}

static int enter(struct walk *w, int parent, const char *name, struct err *e)
{
    int fd;

    if (w->depth == DEPTH_MAX) {
        return lift(w, parent, name, e);
    }
    fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == EACCES && fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW) == 0) {
        fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    w->dirs[w->depth] = fd < 0 ? NULL : fdopendir(fd);
    if (w->dirs[w->depth] == NULL) {
        (void)err_sys(e, "%s", name);
        fd_close(&fd);
        return -1;
    }
    if (w->depth > 0) { /* the outermost directory is removed by its path */
        (void)snprintf(w->names[w->depth], sizeof(w->names[0]), "%s", name);
    }
    w->depth++;
    return 0;
}

/* Removes an entry of the innermost directory, or enters it if it is a directory. */
static int remove_entry(struct walk *w, const char *name, struct err *e)
{
    int dir = dirfd(w->dirs[w->depth - 1]);

    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT) {
        return 0;
    }
    if (errno == EISDIR || errno == EPERM) { /* a directory; POSIX allows either error */
        return enter(w, dir, name, e);
    }
    if (errno == EACCES && fchmod(dir, 0700) == 0 && unlinkat(dir, name, 0) == 0) {
        return 0;
    }
    return errno == EISDIR || errno == EPERM ? enter(w, dir, name, e) : err_sys(e, "%s", name);
}

/* Closes and removes the innermost directory, which is empty. The outermost directory is only
 * closed; the caller removes it. */
static int leave(struct walk *w, struct err *e)
{
    w->depth--;
    (void)closedir(w->dirs[w->depth]);
    if (w->depth == 0) {
        return 0;
    }
    if (unlinkat(dirfd(w->dirs[w->depth - 1]), w->names[w->depth], AT_REMOVEDIR) < 0 &&
        errno != ENOENT) {
        return err_sys(e, "%s", w->names[w->depth]);
    }
    rewinddir(w->dirs[w->depth - 1]); /* readdir(3) may have skipped entries meanwhile */
    return 0;
}

static int empty(struct walk *w, struct err *e)
{
    int rc = 0;

    while (rc == 0 && w->depth > 0) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(w->dirs[w->depth - 1]);
        if (entry == NULL) {
            rc = errno != 0 ? err_sys(e, "read directory") : leave(w, e);
        } else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            rc = remove_entry(w, entry->d_name, e);
        }
    }
    return rc;
}

/* `path` must not end with a slash, because lstat(2) would then follow a link. */
static int remove_tree(const char *path, struct err *e)
{
    struct walk *w;
    struct stat st;
    int rc;

    if (lstat(path, &st) < 0) {
        return errno == ENOENT ? 0 : err_sys(e, "%s", path);
    }
    if (!S_ISDIR(st.st_mode)) {
        return unlink(path) < 0 && errno != ENOENT ? err_sys(e, "%s", path) : 0;
    }
    w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return err_sys(e, "%s", path);
    }
    rc = enter(w, AT_FDCWD, path, e);
    if (rc == 0) {
        rc = empty(w, e);
    }
    while (w->depth > 0) {
        w->depth--;
        (void)closedir(w->dirs[w->depth]);
    }
    free(w);
    if (rc == 0 && rmdir(path) < 0 && errno != ENOENT) {
        return err_sys(e, "%s", path);
    }
    return rc < 0 ? err_wrap(e, "remove %s", path) : 0;
}

int file_remove_tree(const char *path, struct err *e)
{
    struct arena a = {0};
    struct str s = str_c(path);
    int rc;

    while (s.len > 1 && str_ends(s, "/")) {
        s.len--;
    }
    rc = remove_tree(arena_str(&a, s), e);
    arena_release(&a);
    return rc;
}
