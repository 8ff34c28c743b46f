/* SPDX-License-Identifier: MIT */
#include "native/mountpoint.h"

#include "base/fd.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIR_MODE = 0755, FILE_MODE = 0600 };

static int step_into(int dir, const char *name)
{
    return openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static int make(int dir, const char *name, bool is_dir)
{
    int fd;

    if (is_dir) {
        return mkdirat(dir, name, DIR_MODE);
    }
    fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return -1;
    }
    (void)close(fd);
    return 0;
}

/* Opens one component. If it is missing and `makes` is true, makes it. Returns a descriptor,
 * and -1 with errno on error. */
static int enter(int dir, const char *name, bool is_dir, bool makes)
{
    int fd = step_into(dir, name);

    if (fd < 0 && errno == ENOENT && makes &&
        (make(dir, name, is_dir) == 0 || errno == EEXIST)) {
        fd = step_into(dir, name);
    }
    return fd;
}

static int check_kind(int fd, const char *path, bool is_dir, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        return err_sys(e, "%s", path);
    }
    if (S_ISLNK(st.st_mode)) {
        return err_set(e, ERR_REFUSED, "%s: a component of the path is a symbolic link", path);
    }
    if (S_ISDIR(st.st_mode) != is_dir) {
        return err_set(e, ERR_REFUSED, "%s: %s directory", path, is_dir ? "not a" : "is a");
    }
    return 0;
}

static int walk(int root, const char *path, bool is_dir, bool makes, struct err *e)
{
    char name[NAME_MAX + 1];
    struct str rest = str_c(path);
    int fd = -1; /* the directory that is reached; -1 for the root */

    while (rest.len > 0) {
        struct str part = {0};
        bool last;
        int next;

        (void)str_cut(&rest, '/', &part);
        last = rest.len == 0;
        if (part.len == 0) {
            continue;
        }
        if (part.len > NAME_MAX) {
            fd_close(&fd);
            errno = ENAMETOOLONG;
            return err_sys(e, "%s", path);
        }
        (void)snprintf(name, sizeof(name), "%.*s", (int)part.len, part.p);
        next = enter(fd < 0 ? root : fd, name, !last || is_dir, makes);
        fd_close(&fd);
        if (next < 0) {
            return errno == ENOENT ? err_set(e, ERR_NOT_FOUND, "%s: does not exist", path)
                                   : err_sys(e, "%s", path);
        }
        fd = next;
        if (check_kind(fd, path, !last || is_dir, e) < 0) {
            fd_close(&fd);
            return -1;
        }
    }
    if (fd < 0) {
        fd = fcntl(root, F_DUPFD_CLOEXEC, 3);
        return fd < 0 ? err_sys(e, "%s", path) : fd;
    }
    return fd;
}

int mountpoint_open(int root, const char *path, bool is_dir, struct err *e)
{
    return walk(root, path, is_dir, true, e);
}

int mountpoint_find(int root, const char *path, bool is_dir, struct err *e)
{
    return walk(root, path, is_dir, false, e);
}
