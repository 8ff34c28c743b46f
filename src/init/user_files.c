/* SPDX-License-Identifier: MIT */
#include "init/user_files.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE_PRIVATE = 0600, MODE_DIR = 0755 };

/* Takes the user's rights to files, until come_back(). */
static void become(const struct boot *b)
{
    (void)setfsgid((gid_t)b->gid);
    (void)setfsuid((uid_t)b->uid);
}

static void come_back(void)
{
    (void)setfsuid(geteuid());
    (void)setfsgid(getegid());
}

int open_as_user(const struct boot *b, const char *path, int flags, unsigned mode)
{
    int fd;
    int failed;

    become(b);
    fd = openat(AT_FDCWD, path, flags | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    failed = errno;
    come_back();
    errno = failed;
    return fd;
}

/* Opens the directory, and makes all missing directories on its path. Returns -1 if a component
 * is a link or not a directory. */
static int walk(const char *dir, struct arena *a)
{
    struct str rest = str_c(dir);
    struct str part = {0};
    int at = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (at >= 0 && rest.len > 0) {
        const char *name;
        int next;

        (void)str_cut(&rest, '/', &part);
        if (part.len == 0) {
            continue;
        }
        name = arena_str(a, part);
        (void)mkdirat(at, name, MODE_DIR); /* fails if it exists, which is usual */
        next = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        fd_close(&at);
        at = next;
    }
    return at;
}

static int make_link(int dir, const char *name, const struct boot_link *l, struct err *e)
{
    if (unlinkat(dir, name, 0) < 0 && errno != ENOENT) {
        return err_sys(e, "%s", l->path);
    }
    return symlinkat(l->target, dir, name) < 0 ? err_sys(e, "%s", l->path) : 0;
}

int setup_link(const struct boot *b, const struct boot_link *l, struct err *e)
{
    struct arena a = {0};
    const char *dir = path_dir(&a, l->path);
    int fd = walk(dir, &a);
    bool plain = fd >= 0;
    int rc = 0;

    if (!plain) {
        become(b);
        rc = file_mkdirs(dir, MODE_DIR, e);
        fd = rc < 0 ? -1 : openat(AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
        rc = rc == 0 && fd < 0 ? err_sys(e, "%s", dir) : rc;
    }
    rc = rc < 0 ? -1 : make_link(fd, path_base(l->path), l, e);
    if (!plain) {
        come_back();
    }
    fd_close(&fd);
    arena_release(&a);
    return rc;
}

int renew_file(const struct boot *b, const char *path, struct str text, struct err *e)
{
    int fd = open_as_user(b, path, O_WRONLY | O_CREAT | O_NONBLOCK, MODE_PRIVATE);
    int rc;

    if (fd < 0) {
        return err_sys(e, "%s", path);
    }
    rc = rewrite_fd(fd, path, text, e);
    fd_close(&fd);
    return rc;
}
