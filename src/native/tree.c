/* SPDX-License-Identifier: MIT */
#include "native/tree.h"

#include "base/fd.h"
#include "native/mounted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of the kernel's interface, for which the headers of musl are too old. */
enum {
    NR_OPEN_TREE = 428,
    NR_MOVE_MOUNT = 429,
    NR_MOUNT_SETATTR = 442,
    OPEN_TREE_COPY = 1, /* OPEN_TREE_CLONE */
    MOVE_FROM_FD = 4,   /* MOVE_MOUNT_F_EMPTY_PATH */
    MOVE_TO_FD = 0x40,  /* MOVE_MOUNT_T_EMPTY_PATH */
    RECURSIVE = 0x8000, /* AT_RECURSIVE */
    ATTR_RDONLY = 1,
    ATTR_NOSUID = 2,
    ATTR_NODEV = 4,
    ATTR_NOEXEC = 8,
    ATTR_IDMAP = 0x100000,
    PROC_NAME = 32 /* size of "/proc/self/fd/N" */
};

/* The kernel's struct mount_attr. */
struct attributes {
    uint64_t set, clear, propagation, userns;
};

bool tree_has_api(void)
{
    /* The arguments are invalid, so the call fails. If it exists, the error is not ENOSYS. */
    return syscall(NR_MOUNT_SETATTR, -1, NULL, 0, NULL, 0) < 0 && errno != ENOSYS;
}

/* Converts enum tree_flags to MOUNT_ATTR_*. */
static uint64_t attributes_of(unsigned flags)
{
    uint64_t set = ATTR_NOSUID;

    set |= (flags & TREE_READ_ONLY) != 0 ? ATTR_RDONLY : 0;
    set |= (flags & TREE_NOEXEC) != 0 ? ATTR_NOEXEC : 0;
    set |= (flags & TREE_DEVICES) != 0 ? 0 : ATTR_NODEV;
    return set;
}

/* Converts enum tree_flags to MS_*. */
static unsigned long flags_of(unsigned flags)
{
    unsigned long out = MS_NOSUID;

    out |= (flags & TREE_READ_ONLY) != 0 ? MS_RDONLY : 0;
    out |= (flags & TREE_NOEXEC) != 0 ? MS_NOEXEC : 0;
    out |= (flags & TREE_DEVICES) != 0 ? 0 : MS_NODEV;
    return out;
}

static int failed(const char *path, struct err *e)
{
    return errno == ENOENT || errno == ENOTDIR
               ? err_set(e, ERR_NOT_FOUND, "%s: does not exist", path)
               : err_sys(e, "%s", path);
}

/* Opens a detached copy of the tree and sets its attributes. `shown` is for messages. */
static int open_copy(struct tree *t, int dir, const char *source, const struct attributes *attr,
                     const char *shown, struct err *e)
{
    int empty = source[0] == '\0' ? AT_EMPTY_PATH : 0;

    t->fd =
        (int)syscall(NR_OPEN_TREE, dir, source, OPEN_TREE_COPY | O_CLOEXEC | RECURSIVE | empty);
    if (t->fd < 0) {
        return failed(shown, e);
    }
    if (syscall(NR_MOUNT_SETATTR, t->fd, "", AT_EMPTY_PATH | RECURSIVE, attr, sizeof(*attr)) <
        0) {
        (void)err_sys(e, "%s: set the attributes of the mount", shown);
        fd_close(&t->fd);
        return -1;
    }
    return 0;
}

/* Opens the source of a mount. If `source` is "", it is `dir` itself. */
static int open_source(struct tree *t, int dir, const char *source, const char *shown,
                       struct err *e)
{
    struct attributes attr = {.set = attributes_of(t->flags)};
    int empty = source[0] == '\0' ? AT_EMPTY_PATH : 0;

    if (t->by_name) {
        t->fd = empty != 0 ? fcntl(dir, F_DUPFD_CLOEXEC, 3)
                           : openat(AT_FDCWD, source, O_PATH | O_CLOEXEC);
        return t->fd < 0 ? failed(shown, e) : 0;
    }
    return open_copy(t, dir, source, &attr, shown, e);
}

int tree_open(struct tree *t, const char *source, unsigned flags, bool by_name, struct err *e)
{
    *t = (struct tree){.fd = -1, .by_name = by_name, .flags = flags};
    return open_source(t, AT_FDCWD, source, source, e);
}

int tree_open_idmapped(struct tree *t, const char *source, unsigned flags, int idmap,
                       struct err *e)
{
    const struct attributes attr = {
        .set = attributes_of(flags) | ATTR_IDMAP,
        .propagation =
            MS_PRIVATE, /* otherwise later mounts of the host would appear in the tree */
        .userns = (uint64_t)idmap,
    };

    *t = (struct tree){.fd = -1, .flags = flags};
    return open_copy(t, AT_FDCWD, source, &attr, source, e);
}

int tree_lock(int place, const char *path, unsigned flags, bool by_name, struct err *e)
{
    struct tree t = {.fd = -1, .by_name = by_name, .flags = flags};

    return open_source(&t, place, "", path, e) < 0 ? -1 : tree_put(&t, place, path, e);
}

static void name_of(int fd, char out[PROC_NAME])
{
    (void)snprintf(out, PROC_NAME, "/proc/self/fd/%d", fd);
}

static int put_by_name(const struct tree *t, int place, const char *path, struct err *e)
{
    char source[PROC_NAME];
    char target[PROC_NAME];

    name_of(t->fd, source);
    name_of(place, target);
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0) {
        return err_sys(e, "mount %s", path);
    }
    return mounted_restrict(path, flags_of(t->flags), e);
}

int tree_put(struct tree *t, int place, const char *path, struct err *e)
{
    int rc = 0;

    if (t->by_name) {
        rc = put_by_name(t, place, path, e);
    } else if (syscall(NR_MOVE_MOUNT, t->fd, "", place, "", MOVE_FROM_FD | MOVE_TO_FD) < 0) {
        rc = err_sys(e, "mount %s", path);
    }
    tree_close(t);
    return rc;
}

int tree_new(const char *type, const char *options, unsigned flags, int place, const char *path,
             struct err *e)
{
    char target[PROC_NAME];

    name_of(place, target);
    if (mount(type, target, type, flags_of(flags), options) < 0) {
        return err_sys(e, "mount %s", path);
    }
    return 0;
}

void tree_close(struct tree *t)
{
    fd_close(&t->fd);
}
