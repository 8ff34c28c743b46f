/* SPDX-License-Identifier: MIT */
#include "trust/tree_id.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    NS_PER_S = 1000000000,
    EMPTY_PATH = 0x1000,  /* AT_EMPTY_PATH */
    BORN = 0x800,         /* STATX_BTIME */
    WANTED = 0x103 | BORN /* STATX_TYPE | STATX_MODE | STATX_INO */
};

static int by_stat(int dir, const char *path, struct tree_id *out)
{
    struct stat st;

    if (fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW | EMPTY_PATH) < 0) {
        return -1;
    }
    *out = (struct tree_id){
        .device = (uint64_t)st.st_dev, .inode = (uint64_t)st.st_ino, .mode = st.st_mode};
    return 0;
}

#ifdef SYS_statx
#include <sys/sysmacros.h>

/* The kernel's struct statx, with names only for the members that are used. musl 1.2.3 does not
 * define it. statx(2). */
struct kernel_statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, unused;
    uint64_t inode, size, blocks, attributes_mask;
    struct {
        int64_t seconds;
        uint32_t ns;
        int32_t unused;
    } accessed, born, changed, modified;
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t more[14];
};
_Static_assert(sizeof(struct kernel_statx) == 256, "the size of the kernel's struct statx");

int tree_id_at(int dir, const char *path, struct tree_id *out)
{
    struct kernel_statx x = {0};
    int flags = AT_SYMLINK_NOFOLLOW | EMPTY_PATH;

    if (syscall(SYS_statx, dir, path, flags, (unsigned)WANTED, &x) < 0) {
        /* Filters of older engines refuse statx(2) with EPERM. */
        return errno == ENOSYS || errno == EPERM ? by_stat(dir, path, out) : -1;
    }
    *out = (struct tree_id){
        .device = (uint64_t)makedev(x.dev_major, x.dev_minor),
        .inode = x.inode,
        .mode = x.mode,
    };
    if ((x.mask & BORN) != 0 && x.born.seconds > 0) {
        out->born_ns = (uint64_t)x.born.seconds * NS_PER_S + x.born.ns;
    }
    return 0;
}
#else
int tree_id_at(int dir, const char *path, struct tree_id *out)
{
    return by_stat(dir, path, out);
}
#endif

bool tree_id_same(const struct tree_id *a, const struct tree_id *b)
{
    if (a->inode != b->inode) {
        return false;
    }
    return a->born_ns != 0 && b->born_ns != 0 ? a->born_ns == b->born_ns
                                              : a->device == b->device;
}
