/* SPDX-License-Identifier: MIT */
/* Attempts to change something of the host: files of the system and of the user, with every
 * call that changes a file. The attempts on the system break nothing if they succeed; the
 * user's files are made by the test. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NAME_SIZE = TEXT + 64, MODE = 0600 };

#define PREPARE(path)                                                                          \
    char path[TEXT];                                                                           \
    if (place(w, a->what, path) == NULL) {                                                     \
        return NOT_GIVEN;                                                                      \
    }

/* Makes a file in a directory, and removes it. */
static const char *make_in(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    const char *out;
    int dir;
    int fd;

    PREPARE(path)
    (void)snprintf(name, sizeof(name), "%s/.cco-escape-%d", path, (int)getpid());
    fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
    if (fd < 0) {
        return failure(errno);
    }
    (void)unlink(name);
    dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    out = dir < 0 ? OWN : whose(w, dir, a->what);
    return out;
}

/* Opens a file for writing, and writes nothing. */
static const char *open_to_write(const struct world *w, const struct attempt *a)
{
    int fd;

    PREPARE(path)
    fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return fd < 0 ? failure(errno) : whose(w, fd, a->what);
}

/* Adds a line to a file. */
static const char *append(const struct world *w, const struct attempt *a)
{
    int fd;

    PREPARE(path)
    fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || write(fd, "# evil\n", 7) < 0) {
        return failure(errno);
    }
    return whose(w, fd, a->what);
}

/* Renames a file of the project over a file of the host. */
static const char *replace(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    int fd;

    PREPARE(path)
    (void)snprintf(name, sizeof(name), "%s", "evil");
    fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
    (void)close(fd);
    if (rename(name, path) < 0) {
        int failed = errno;

        (void)unlink(name);
        return failure(failed);
    }
    return OPEN;
}

/* Makes the change for which a->nr stands. */
static const char *change(const struct world *w, const struct attempt *a)
{
    char other[NAME_SIZE];
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

    PREPARE(path)
    (void)snprintf(other, sizeof(other), "%s.evil-%ld", path, a->nr);
    switch (a->nr) {
    case SYS_truncate:
        return result(truncate(path, 0));
    case SYS_unlinkat:
        return result(unlinkat(AT_FDCWD, path, 0));
    case SYS_mkdirat:
        return result(mkdirat(AT_FDCWD, other, MODE));
    case SYS_symlinkat:
        return result(symlinkat("/etc/passwd", AT_FDCWD, other));
    case SYS_linkat:
        return result(linkat(AT_FDCWD, path, AT_FDCWD, other, 0));
    case SYS_renameat2:
        return result(renameat(AT_FDCWD, path, AT_FDCWD, other));
    case SYS_mknodat:
        return result(mknodat(AT_FDCWD, other, S_IFIFO | MODE, 0));
    case SYS_fchmodat:
        return result(fchmodat(AT_FDCWD, path, 0666, 0));
    case SYS_fchownat:
        return result(fchownat(AT_FDCWD, path, getuid(), getgid(), 0));
    case SYS_utimensat:
        return result(utimensat(AT_FDCWD, path, times, 0));
    case SYS_setxattr:
        return result(setxattr(path, "user.evil", "x", 1, 0));
    default:
        return NOT_GIVEN;
    }
}

/* Opens a descriptor that is open for reading once more, for writing. */
static const char *by_descriptor(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    int fd;

    PREPARE(path)
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure(errno);
    }
    (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    return result(open(name, O_WRONLY | O_CLOEXEC));
}

/* Maps a file that is open for reading as writable memory. */
static const char *by_mapping(const struct world *w, const struct attempt *a)
{
    int fd;

    PREPARE(path)
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure(errno);
    }
    return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED
               ? failure(errno)
               : OPEN;
}

/* Makes a link in the project to a file outside of it, by its path or by a descriptor. */
static const char *link_into_project(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    int rc;

    PREPARE(path)
    if (a->nr == SYS_openat) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0) {
            return failure(errno);
        }
        (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
        rc = linkat(AT_FDCWD, name, AT_FDCWD, "linked", AT_SYMLINK_FOLLOW);
    } else {
        rc = linkat(AT_FDCWD, path, AT_FDCWD, "linked", 0);
    }
    if (rc == 0) {
        (void)unlink("linked");
    }
    return result(rc);
}

/* Gives a file of the project that has no name a name outside of the project. */
static const char *link_out(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    char proc[64];
    int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);

    PREPARE(path)
    if (fd < 0) {
        return errno == EOPNOTSUPP ? ABSENT : failure(errno);
    }
    (void)snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
    (void)snprintf(name, sizeof(name), "%s/evil", path);
    return result(linkat(AT_FDCWD, proc, AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}

static const char *move_out(const struct world *w, const struct attempt *a)
{
    char name[NAME_SIZE];
    int fd = open("to-be-moved", O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
    int failed;

    PREPARE(path)
    (void)close(fd);
    (void)snprintf(name, sizeof(name), "%s/evil", path);
    failed = rename("to-be-moved", name) < 0 ? errno : 0;
    (void)unlink("to-be-moved");
    return failed == 0 ? OPEN : failure(failed);
}

/* Makes a file immutable, and changeable again. */
static const char *immutable(const struct world *w, const struct attempt *a)
{
    int fd = open("flags", O_RDONLY | O_CREAT | O_CLOEXEC, MODE);
    int flags = 0;
    int failed;

    (void)w;
    (void)a;
    if (fd < 0 || syscall(SYS_ioctl, fd, FS_IOC_GETFLAGS, &flags) < 0) {
        return fd < 0 ? failure(errno) : ABSENT;
    }
    flags |= FS_IMMUTABLE_FL;
    failed = syscall(SYS_ioctl, fd, FS_IOC_SETFLAGS, &flags) < 0 ? errno : 0;
    flags &= ~FS_IMMUTABLE_FL;
    (void)syscall(SYS_ioctl, fd, FS_IOC_SETFLAGS, &flags);
    (void)unlink("flags");
    return failed == 0 ? OPEN : failure(failed);
}

#define MAKE(path, wanted, why)                                                                \
    {                                                                                          \
        "make a file in", path, make_in, wanted, why, 0,                                       \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define TO_WRITE(path, wanted, why)                                                            \
    {                                                                                          \
        "open to write", path, open_to_write, wanted, why, 0,                                  \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define CHANGE(verb, nr, wanted)                                                               \
    {                                                                                          \
        verb, "~/.gitconfig", change, wanted, "commands that the host's git would run", nr,    \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
#define SHUT "EROFS landlock-only=EACCES docker=OWN|EROFS|EACCES"
#define LOCKED "EROFS landlock-only=EACCES out=OPEN"
#define KERNEL "EROFS|EACCES"
#define NO_SUCH "ENOENT docker=EROFS|EACCES|ENOENT landlock-only=EACCES|ENOENT"

static const struct attempt attempts[] = {
    MAKE("/", SHUT, "a file of the host's system"),
    MAKE("/usr", SHUT, "a file of the host's system"),
    MAKE("/usr/bin", SHUT, "a program that the host runs"),
    MAKE("/usr/local/bin", SHUT, "a program that the host runs"),
    MAKE("/etc", SHUT, "settings of the host"),
    MAKE("/etc/profile.d", SHUT, "commands for the host's shells"),
    MAKE("/opt", SHUT, "programs of the host"),
    MAKE("/lib", SHUT, "libraries that the host loads"),
    MAKE("/var", "EROFS landlock-only=EACCES docker=OWN|EACCES", "state of the host"),
    MAKE("/run", "OWN user=OWN landlock-only=EACCES docker=OWN|EACCES", "sockets of the host"),
    MAKE("/dev", "EACCES|OWN landlock-only=EACCES docker=OWN|EACCES", "devices of the host"),
    MAKE("/sys", "EROFS docker=EROFS|EACCES landlock-only=EACCES", "settings of the kernel"),
    MAKE("/proc/sys/kernel", "EROFS|EACCES|ENOENT docker=EROFS|EACCES|ENOENT landlock-only=EACCES|ENOENT", "settings of the kernel"),
    MAKE("/tmp", "OWN landlock-only=EACCES out=OPEN", "temporary files of the host"),
    MAKE("/var/tmp", "OWN landlock-only=EACCES out=OPEN", "temporary files of the host"),
    MAKE("/dev/shm", "OWN landlock-only=EACCES docker=OWN|OPEN out=OPEN", "shared memory of the host"),
    MAKE("~", "OWN landlock-only=EACCES out=OPEN", "commands for the host's shell"),
    MAKE("~/.ssh", "ENOENT|OWN landlock-only=EACCES out=OPEN", "the right to log in"),
    MAKE("~/.config", "ENOENT|OWN landlock-only=EACCES out=OPEN", "settings of the host's programs"),
    MAKE("~/.claude/hooks", LOCKED, "commands for the host's claude"),
    MAKE("~/.claude/commands", LOCKED, "commands for the host's claude"),
    MAKE("~/.claude/agents", LOCKED, "instructions for the host's claude"),
    MAKE("~/.claude/skills", LOCKED, "instructions for the host's claude"),
    MAKE("~/.claude/plugins", LOCKED, "commands for the host's claude"),
    MAKE("~/.claude/output-styles", LOCKED, "instructions for the host's claude"),
    MAKE("~/.claude/rules", LOCKED, "instructions for the host's claude"),
    MAKE("%/..", "EROFS|OWN|EACCES docker=OWN|EACCES landlock-only=EACCES out=OPEN", "a file beside the project"),
    {"append to", "~/.claude/settings.json", append, "OWN landlock-only=EACCES out=OPEN", "commands for the host's claude", 0, {NULL}},
    {"append to", "~/.claude/settings.local.json", append, "OWN landlock-only=EACCES out=OPEN", "commands for the host's claude", 0, {NULL}},
    {"append to", "~/.claude/CLAUDE.md", append, "OWN landlock-only=EACCES out=OPEN", "instructions for the host's claude", 0, {NULL}},
    {"append to", "~/.claude.json", append, "OWN landlock-only=EACCES out=OPEN", "servers that the host's claude would start", 0, {NULL}},
    {"append to", "~/.gitconfig", append, LOCKED, "commands that the host's git would run", 0, {NULL}},
    {"append to", "~/.config/git/config", append, LOCKED, "commands that the host's git would run", 0, {NULL}},
    {"append to", "~/.ssh/known_hosts", append, LOCKED, "machines that the host would trust", 0, {NULL}},
    {"append to", "~/.bashrc", append, "ENOENT landlock-only=EACCES out=OPEN", "commands for the host's shell", 0, {NULL}},
    {"append to", "%/link-to-secret", append, "ENOENT landlock-only=EACCES out=OPEN", "a file to which a link in the project leads", 0, {NULL}},
    {"replace", "~/.gitconfig", replace, "EXDEV|EROFS|EBUSY landlock-only=EXDEV|EACCES out=OPEN", "commands that the host's git would run", 0, {NULL}},
    CHANGE("change the time of", SYS_utimensat, "EROFS landlock-only=OPEN out=OPEN"),
    CHANGE("change the mode of", SYS_fchmodat, "EROFS landlock-only=OPEN out=OPEN"),
    CHANGE("change the owner of", SYS_fchownat, "EROFS landlock-only=OPEN out=OPEN"),
    CHANGE("set an attribute of", SYS_setxattr, "EROFS landlock-only=OPEN|EOPNOTSUPP out=OPEN|EOPNOTSUPP"),
    CHANGE("give another name to", SYS_linkat, "EXDEV|EROFS landlock-only=EACCES out=OPEN"),
    CHANGE("make a directory beside", SYS_mkdirat, "OWN|OPEN landlock-only=EACCES out=OPEN"),
    CHANGE("make a link beside", SYS_symlinkat, "OWN|OPEN landlock-only=EACCES"),
    CHANGE("make a pipe beside", SYS_mknodat, "OWN|OPEN landlock-only=EACCES"),
    CHANGE("cut short", SYS_truncate, "EROFS landlock-only=EACCES out=OPEN"),
    {"open again to write", "~/.gitconfig", by_descriptor, LOCKED, "a change of a read-only file", 0, {NULL}},
    {"map to write", "~/.gitconfig", by_mapping, "EACCES out=EACCES", "a change of a read-only file", 0, {NULL}},
    CHANGE("rename", SYS_renameat2, "EBUSY|EROFS|EXDEV landlock-only=EACCES out=OPEN"),
    CHANGE("remove", SYS_unlinkat, "EBUSY|EROFS landlock-only=EACCES"),
    {"link into the project", "/etc/passwd", link_into_project, "EXDEV landlock-only=EACCES|EXDEV landlock-only-user=EACCES|EXDEV|EPERM", "a second name for a file of the system", SYS_linkat, {NULL}},
    {"link into the project, when open,", "/etc/passwd", link_into_project, "EXDEV landlock-only=EACCES|EXDEV landlock-only-user=EACCES|EXDEV|EPERM", "a second name for a file of the system", SYS_openat, {NULL}},
    {"link into the project", "~/.netrc", link_into_project, "ENOENT landlock-only=EACCES|EXDEV out=OPEN", "a second name for a secret", SYS_linkat, {NULL}},
    {"link into the project", "~/.config/git/config", link_into_project, "EXDEV landlock-only=EACCES|EXDEV out=OPEN", "a second name for a read-only file", SYS_linkat, {NULL}},
    {"link a file without a name to", "~/.claude/hooks", link_out, "EXDEV|EROFS landlock-only=EXDEV|EACCES out=OPEN", "commands for the host's claude", 0, {NULL}},
    {"move a file to", "~/.claude/commands", move_out, "EXDEV|EROFS landlock-only=EXDEV|EACCES out=OPEN", "commands for the host's claude", 0, {NULL}},
    {"move a file to", "/usr/bin", move_out, "EXDEV|EROFS landlock-only=EXDEV|EACCES docker=EXDEV|EACCES", "a program that the host runs", 0, {NULL}},
    {"make immutable", "a file of the project", immutable, "EPERM out=OPEN|EPERM out-user=EPERM", "a file that the user cannot remove", 0, {NULL}},
    TO_WRITE("/etc/passwd", "EROFS|EACCES|OWN docker=OWN|EACCES landlock-only=EACCES", "a user without a password"),
    TO_WRITE("/etc/hosts", "EROFS|EACCES docker=OWN|EACCES landlock-only=EACCES", "connections of the host's programs to other addresses"),
    TO_WRITE("/usr/bin/env", "EROFS|EACCES docker=OWN|EACCES landlock-only=EACCES", "a program that the host runs"),
    TO_WRITE("/proc/sys/kernel/core_pattern", KERNEL, "a program that the kernel starts as root"),
    TO_WRITE("/proc/sys/kernel/modprobe", "EROFS|EACCES|ENOENT", "a program that the kernel starts as root"),
    TO_WRITE("/proc/sys/kernel/hostname", KERNEL, "the machine's name"),
    TO_WRITE("/proc/sys/vm/overcommit_memory", KERNEL, "the machine's memory"),
    TO_WRITE("/proc/sys/net/ipv4/ip_forward", "EROFS|EACCES|ENOENT", "the machine's network"),
    TO_WRITE("/proc/sys/fs/suid_dumpable", KERNEL, "memory of setuid programs"),
    TO_WRITE("/proc/sys/user/max_user_namespaces", "EROFS|EACCES", "the number of namespaces on the whole machine"),
    TO_WRITE("/proc/sysrq-trigger", "EROFS|EACCES|ENOENT", "a reboot of the machine"),
    TO_WRITE("/proc/irq/default_smp_affinity", "EROFS|EACCES|ENOENT docker=EROFS|EACCES|ENOENT", "the machine's devices"),
    TO_WRITE("/proc/self/loginuid", "EACCES|OWN|ENOENT docker=EACCES|OWN|ENOENT landlock-only=EACCES|ENOENT", "another user in the log of the kernel's audit"),
    TO_WRITE("/sys/kernel/uevent_helper", NO_SUCH, "a program that the kernel starts as root"),
    TO_WRITE("/sys/kernel/mm/ksm/run", NO_SUCH, "the machine's memory"),
    TO_WRITE("/sys/power/state", NO_SUCH, "the machine's sleep"),
    TO_WRITE("/sys/fs/cgroup/cgroup.procs", NO_SUCH, "a process without its limits"),
    TO_WRITE("/sys/devices/system/cpu/cpu1/online", "EROFS|EACCES|ENOENT", "the machine's processors"),
};
/* clang-format on */

const struct attempt *attempts_writing(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
