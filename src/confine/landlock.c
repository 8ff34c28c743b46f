/* SPDX-License-Identifier: MIT */
#include "confine/landlock.h"

#include "base/fd.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface up to ABI 7. The installed headers may be older. */
enum { NR_CREATE = 444, NR_ADD = 445, NR_RESTRICT = 446, ASK_VERSION = 1, PATH_BENEATH = 1 };

/* LANDLOCK_ACCESS_FS_* */
enum access {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_CHAR = 1 << 6,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_MAKE_SOCK = 1 << 9,
    FS_MAKE_FIFO = 1 << 10,
    FS_MAKE_BLOCK = 1 << 11,
    FS_MAKE_SYM = 1 << 12,
    /* ABI 2. Before ABI 2, the kernel refuses links and renames into another directory. */
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14, /* ABI 3 */
    FS_IOCTL_DEV = 1 << 15 /* ABI 5 */
};

enum { SCOPE_ABSTRACT_UNIX = 1, SCOPE_SIGNAL = 2 }; /* ABI 6 */
enum { ABI_REFER = 2, ABI_NET = 4, ABI_IOCTL = 5 };

/* The kernel's struct landlock_ruleset_attr. */
struct ruleset {
    uint64_t fs;
    uint64_t net;    /* ABI 4 */
    uint64_t scoped; /* ABI 6 */
};

/* The kernel's struct landlock_path_beneath_attr. */
struct beneath {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

/* Returns the ABI; 0 if there is none; -1 with errno if it cannot be determined. EPERM comes
 * from a system-call filter around cco that does not know the call. */
static int ask_abi(void)
{
    long abi = syscall(NR_CREATE, NULL, 0, ASK_VERSION);

    if (abi < 0) {
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ? 0 : -1;
    }
    return (int)abi;
}

int landlock_abi(void)
{
    int abi = ask_abi();

    return abi < 0 ? 0 : abi;
}

/* The letters of landlock_print(). */
static const char letters[] = {[LANDLOCK_READ] = 'r',
                               [LANDLOCK_WRITE] = 'w',
                               [LANDLOCK_DEVICE] = 'd',
                               [LANDLOCK_LIST] = 'l'};

enum { UPPER = 'A' - 'a' }; /* from a letter in lower case to the same one in upper case */

char *landlock_print(const struct landlock_path *p, struct arena *a)
{
    assert(p->grant != LANDLOCK_NONE);
    return arena_printf(a, "%c%s", letters[p->grant] + (p->optional ? UPPER : 0), p->path);
}

int landlock_parse(const char *text, struct landlock_path *out, struct err *e)
{
    for (int g = LANDLOCK_READ; g <= (int)LANDLOCK_LIST; g++) {
        const bool optional = text[0] == letters[g] + UPPER;

        if ((optional || text[0] == letters[g]) && text[1] == '/') {
            *out = (struct landlock_path){text + 1, (enum landlock_grant)g, optional};
            return 0;
        }
    }
    return err_set(e, ERR_FORMAT,
                   "a grant is not one of the letters r, w, d, l and an absolute path");
}

uint64_t landlock_handled(int abi)
{
    uint64_t all = FS_REFER - 1;

    all |= abi >= ABI_REFER ? FS_REFER : 0;
    all |= abi >= LANDLOCK_ABI_TRUNCATE ? FS_TRUNCATE : 0;
    all |= abi >= ABI_IOCTL ? FS_IOCTL_DEV : 0;
    return abi > 0 ? all : 0;
}

uint64_t landlock_bits(enum landlock_grant grant, int abi, bool is_dir)
{
    const uint64_t of_files =
        FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
    uint64_t bits = FS_EXECUTE | FS_READ_FILE | FS_READ_DIR;

    switch (grant) {
    case LANDLOCK_WRITE:
        bits |= FS_WRITE_FILE | FS_TRUNCATE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
                FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER;
        break;
    case LANDLOCK_DEVICE:
        bits |= FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
        break;
    case LANDLOCK_LIST:
        bits = FS_READ_DIR;
        break;
    case LANDLOCK_READ:
        break;
    case LANDLOCK_NONE:
        bits = 0;
        break;
    }
    return bits & landlock_handled(abi) & (is_dir ? ~(uint64_t)0 : of_files);
}

/* Adds the grant *p to the ruleset. An optional path that cannot be reached is skipped. */
static int add(int ruleset, const struct landlock_path *p, int abi, struct err *e)
{
    struct beneath rule = {.fd = openat(AT_FDCWD, p->path, O_PATH | O_CLOEXEC)};
    struct stat st;
    int rc = -1;

    if (rule.fd < 0) {
        return p->optional && (errno == ENOENT || errno == ENOTDIR || errno == EACCES)
                   ? 0
                   : err_sys(e, "%s", p->path);
    }
    if (fstat(rule.fd, &st) < 0) {
        (void)err_sys(e, "%s", p->path);
        goto out;
    }
    rule.allowed = landlock_bits(p->grant, abi, S_ISDIR(st.st_mode));
    rc = (int)syscall(NR_ADD, ruleset, PATH_BENEATH, &rule, 0);
    if (rc < 0) {
        (void)err_sys(e, "%s", p->path);
    }
out:
    (void)close(rule.fd);
    return rc;
}

int landlock_apply(const struct landlock_path *paths, size_t count, int *abi, struct err *e)
{
    struct ruleset attr = {0};
    size_t size = sizeof(attr.fs);
    int ruleset;
    int rc = -1;

    *abi = ask_abi();
    if (*abi < 0) {
        *abi = 0;
        return err_sys(e, "landlock");
    }
    if (*abi == 0 || (count == 0 && *abi < LANDLOCK_ABI_SCOPE)) {
        return 0;
    }
    attr.fs = count == 0 ? 0 : landlock_handled(*abi);
    if (*abi >= LANDLOCK_ABI_SCOPE) {
        attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
        size = sizeof(attr);
    }
    ruleset = (int)syscall(NR_CREATE, &attr, size, 0);
    if (ruleset < 0) {
        return err_sys(e, "landlock");
    }
    for (size_t i = 0; i < count; i++) {
        if (add(ruleset, &paths[i], *abi, e) < 0) {
            (void)err_wrap(e, "landlock");
            goto out;
        }
    }
    rc = (int)syscall(NR_RESTRICT, ruleset, 0);
    if (rc < 0) {
        (void)err_sys(e, "landlock: restrict this thread");
    }
out:
    (void)close(ruleset);
    return rc;
}
