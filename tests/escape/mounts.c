/* SPDX-License-Identifier: MIT */
/* Attempts to change the file tree or the namespaces: to remove a part of the confinement, or
 * to make a place without it. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NR_OPEN_TREE = 428,
    NR_MOVE_MOUNT = 429,
    NR_FSOPEN = 430,
    NR_FSCONFIG = 431,
    NR_FSMOUNT = 432,
    NR_FSPICK = 433,
    NR_PIDFD_OPEN = 434,
    NR_CLONE3 = 435,
    NR_MOUNT_SETATTR = 442,
    NR_OPEN_TREE_ATTR = 467,
    NEW_TIME = 0x80,
    TREE_COPY = 1,
    MAP = 64
};

static const char *unshare_it(const struct world *w, const struct attempt *a)
{
    (void)w;
    return result(unshare((int)a->nr));
}

/* Calls clone(2) with the flags a->nr. */
static const char *clone_it(const struct world *w, const struct attempt *a)
{
    long pid = syscall(SYS_clone, a->nr | SIGCHLD, NULL, NULL, NULL, NULL);

    (void)w;
    if (pid == 0) {
        _exit(0);
    }
    return result(pid);
}

static const char *clone3_it(const struct world *w, const struct attempt *a)
{
    const uint64_t args[8] = {(uint64_t)a->nr, 0, 0, 0, SIGCHLD};
    long pid = syscall(NR_CLONE3, args, sizeof(args));

    (void)w;
    if (pid == 0) {
        _exit(0);
    }
    return result(pid);
}

static const char *join(const struct world *w, const struct attempt *a)
{
    char path[MAP];
    long fd;

    if (strcmp(a->what, "init's") == 0) {
        fd = syscall(NR_PIDFD_OPEN, init_pid(w), 0);
    } else if (strcmp(a->what, "the host's") == 0) {
        fd = syscall(NR_PIDFD_OPEN, given_number(w, "pid"), 0);
    } else {
        (void)snprintf(path, sizeof(path), "/proc/self/ns/%s", a->what);
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    return fd < 0 ? failure(errno) : result(syscall(SYS_setns, fd, a->nr));
}

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)!write(fd, text, strlen(text));
        (void)close(fd);
    }
}

/* Enters a new user namespace, if that is allowed, a mount namespace in it, and the namespaces
 * `more`. Maps the ids of this process to root. Returns NULL on success, and otherwise the name
 * of the errno. */
static const char *room(int more)
{
    char map[MAP];
    uid_t uid = getuid();
    gid_t gid = getgid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | more) < 0) {
        return failure(errno);
    }
    put("/proc/self/setgroups", "deny");
    (void)snprintf(map, sizeof(map), "0 %u 1", uid);
    put("/proc/self/uid_map", map);
    (void)snprintf(map, sizeof(map), "0 %u 1", gid);
    put("/proc/self/gid_map", map);
    (void)mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    return NULL;
}

static const char *in_room(const struct world *w, const struct attempt *a)
{
    const char *refused = room(0);

    (void)w;
    if (refused != NULL) {
        return refused;
    }
    switch (a->nr) {
    case MS_REMOUNT:
        return result(
            mount(NULL, a->what, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL));
    case MNT_DETACH:
        return result(umount2(a->what, MNT_DETACH));
    case MS_BIND: /* not recursive, so without the mounts on top */
        return result(mount(a->what, "/tmp", NULL, MS_BIND, NULL));
    case MS_MOVE:
        return result(mount(a->what, "/tmp", NULL, MS_MOVE, NULL));
    case SYS_mount:
        return result(mount("none", "/tmp", a->what, 0, NULL));
    case SYS_chroot:
        return result(chroot(a->what));
    case SYS_mknodat:
        return result(mknodat(AT_FDCWD, "node-of-a-room", S_IFCHR | 0666, makedev(1, 1)));
    default:
        return NOT_GIVEN;
    }
}

/* Mounts a new /proc, in which nothing would be covered. */
static const char *own_proc(const struct world *w, const struct attempt *a)
{
    const char *refused = room(CLONE_NEWPID);
    int status = 0;
    pid_t pid;

    (void)w;
    (void)a;
    if (refused != NULL) {
        return refused;
    }
    pid = fork();
    if (pid == 0) {
        _exit(mount("proc", "/tmp", "proc", 0, NULL) < 0 ? errno : 0);
    }
    (void)waitpid(pid, &status, 0);
    return WEXITSTATUS(status) == 0 ? OPEN : failure(WEXITSTATUS(status));
}

/* Mounts a file system over a directory of the project. Outside of a sandbox this happens in a
 * new mount namespace, which ends with the attempt. */
static const char *mount_it(const struct world *w, const struct attempt *a)
{
    (void)w;
    (void)a;
    if (unshare(CLONE_NEWNS) == 0) {
        (void)mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    }
    return result(mount("none", ".", a->what, 0, NULL));
}

#define UNSHARE(what, flags, wanted)                                                           \
    {                                                                                          \
        "unshare", what, unshare_it, wanted, NAMESPACE, flags,                                 \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define CLONE(what, flags, wanted)                                                             \
    {                                                                                          \
        "clone with", what, clone_it, wanted, NAMESPACE, flags,                                \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define CLONE3(what, flags, wanted)                                                            \
    {                                                                                          \
        "clone3 with", what, clone3_it, wanted, NAMESPACE, flags,                              \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define ROOM(verb, what, nr, wanted, why)                                                      \
    {                                                                                          \
        verb, what, in_room, wanted, why, nr,                                                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define HERE NUMBER(AT_FDCWD)

/* clang-format off */
#define NAMESPACE "every capability over the kernel's least tested code"
#define TREE "a file tree that differs from the plan"
#define BARE_NS "EPERM userns=EPERM out=OPEN out-user=EPERM"
#define BARE_TREE "EPERM out=OPEN out-user=EPERM"

static const struct attempt attempts[] = {
    UNSHARE("the user namespace", CLONE_NEWUSER, "EPERM userns=OPEN out=OPEN"),
    UNSHARE("the user and mount namespaces", CLONE_NEWUSER | CLONE_NEWNS, "EPERM userns=OPEN out=OPEN"),
    UNSHARE("the user and network namespaces", CLONE_NEWUSER | CLONE_NEWNET, "EPERM userns=OPEN out=OPEN"),
    UNSHARE("the mount namespace", CLONE_NEWNS, BARE_NS),
    UNSHARE("the pid namespace", CLONE_NEWPID, BARE_NS),
    UNSHARE("the network namespace", CLONE_NEWNET, BARE_NS),
    UNSHARE("the ipc namespace", CLONE_NEWIPC, BARE_NS),
    UNSHARE("the uts namespace", CLONE_NEWUTS, BARE_NS),
    UNSHARE("the cgroup namespace", CLONE_NEWCGROUP, BARE_NS),
    UNSHARE("the time namespace", NEW_TIME, BARE_NS),
    CLONE("a user namespace", CLONE_NEWUSER, "EPERM userns=OPEN out=OPEN"),
    CLONE("user and network namespaces", CLONE_NEWUSER | CLONE_NEWNET, "EPERM userns=OPEN out=OPEN"),
    CLONE("a mount namespace", CLONE_NEWNS, BARE_NS),
    CLONE3("a user namespace", CLONE_NEWUSER, "ENOSYS userns=OPEN out=OPEN"),
    CLONE3("nothing", 0, "ENOSYS userns=OPEN out=OPEN"),
    {"join a namespace:", "user", join, "EPERM userns=EINVAL", NAMESPACE, CLONE_NEWUSER, {NULL}},
    {"join a namespace:", "mnt", join, BARE_NS, NAMESPACE, CLONE_NEWNS, {NULL}},
    {"join a namespace:", "net", join, BARE_NS, NAMESPACE, CLONE_NEWNET, {NULL}},
    {"join a namespace:", "pid", join, BARE_NS, NAMESPACE, CLONE_NEWPID, {NULL}},
    {"join by a pidfd", "init's", join, "EPERM", "namespaces of init", CLONE_NEWNS, {NULL}},
    {"join by a pidfd", "the host's", join, "ESRCH|EINVAL landlock-only=EPERM", "the host's file tree", CLONE_NEWNS, {NULL}},
    {"mount here a", "tmpfs", mount_it, BARE_TREE, TREE, 0, {NULL}},
    {"mount here a", "proc", mount_it, BARE_TREE, TREE, 0, {NULL}},
    {"mount here a", "sysfs", mount_it, BARE_TREE, TREE, 0, {NULL}},
    {"mount here a", "devtmpfs", mount_it, "EPERM", "every device of the machine", 0, {NULL}},
    {"mount here a", "cgroup2", mount_it, "EPERM", "the limits of all processes", 0, {NULL}},
    CALL("umount2 of /proc", SYS_umount2, "/proc", NUMBER(MNT_DETACH), NULL, NULL, "EPERM", TREE),
    CALL("umount2 of the root", SYS_umount2, "/", NUMBER(MNT_DETACH), NULL, NULL, "EPERM", TREE),
    CALL("pivot_root", SYS_pivot_root, ".", ".", NULL, NULL, "EPERM", TREE),
    CALL("chroot", SYS_chroot, ".", NULL, NULL, NULL, BARE_TREE, TREE),
    CALL("open_tree", NR_OPEN_TREE, HERE, "/", NUMBER(TREE_COPY), NULL, BARE_TREE, TREE),
    CALL("open_tree_attr", NR_OPEN_TREE_ATTR, HERE, "/", NUMBER(TREE_COPY), NULL, "EPERM", TREE),
    CALL("move_mount", NR_MOVE_MOUNT, HERE, "/tmp", HERE, "/var/tmp", "EPERM", TREE),
    CALL("fsopen of a tmpfs", NR_FSOPEN, "tmpfs", NULL, NULL, NULL, BARE_TREE, TREE),
    CALL("fsopen of an ext4", NR_FSOPEN, "ext4", NULL, NULL, NULL, "EPERM", "a file system whose data attack the kernel"),
    CALL("fsconfig", NR_FSCONFIG, NUMBER(-1), NULL, NULL, NULL, "EPERM userns=EINVAL|EBADF|EPERM", TREE),
    CALL("fsmount", NR_FSMOUNT, NUMBER(-1), NULL, NULL, NULL, "EPERM", TREE),
    CALL("fspick", NR_FSPICK, HERE, "/", NULL, NULL, "EPERM", TREE),
    CALL("mount_setattr", NR_MOUNT_SETATTR, HERE, "/", NULL, NULL, "EPERM userns=EPERM|EINVAL", TREE),
    ROOM("in a namespace of one's own: make writable", "/usr", MS_REMOUNT, "EPERM docker=EPERM", TREE),
    ROOM("in a namespace of one's own: make writable", "/", MS_REMOUNT, "EPERM", TREE),
    ROOM("in a namespace of one's own: uncover", "/proc/kcore", MNT_DETACH, "EPERM userns=EINVAL|EPERM|EACCES|ENOENT", TREE),
    ROOM("in a namespace of one's own: uncover", "/etc/shadow", MNT_DETACH, "EPERM userns=EINVAL|EPERM", TREE),
    ROOM("in a namespace of one's own: uncover", "/dev", MNT_DETACH, "EPERM userns=EINVAL|EPERM", TREE),
    ROOM("in a namespace of one's own: show without its covers", "/etc", MS_BIND, "EPERM userns=EINVAL|EPERM", TREE),
    ROOM("in a namespace of one's own: move away", "/etc/shadow", MS_MOVE, "EPERM userns=EINVAL|EPERM", TREE),
    ROOM("in a namespace of one's own: mount", "sysfs", SYS_mount, "EPERM", TREE),
    ROOM("in a namespace of one's own: mount", "tmpfs", SYS_mount, "EPERM userns=OPEN out=OPEN", TREE),
    ROOM("in a namespace of one's own: mount", "cgroup2", SYS_mount, "EPERM", TREE),
    ROOM("in a namespace of one's own: mount", "ext4", SYS_mount, "EPERM userns=EPERM|ENODEV", "a file system whose data attack the kernel"),
    ROOM("in a namespace of one's own: change the root to", "/usr", SYS_chroot, "EPERM userns=OPEN out=OPEN", TREE),
    ROOM("in a namespace of one's own: make", "a device", SYS_mknodat, "EPERM out=EPERM", "the memory of the machine"),
    {"in a namespace of one's own: mount", "a /proc with nothing covered", own_proc, "EPERM userns-user=OPEN out=OPEN", TREE, 0, {NULL}},
};
/* clang-format on */

const struct attempt *attempts_mounts(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
