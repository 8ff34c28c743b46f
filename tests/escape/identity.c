/* SPDX-License-Identifier: MIT */
/* Attempts to become another user: ids of other users, capabilities, setuid files that exist or
 * can be made, and settings of the process that must not change. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
    NR_OPENAT2 = 437,
    NR_FCHMODAT2 = 452,
    OTHER = 65533,
    SETUID_MODE = 04755,
    MODE = 0600,
    MODE_MAX = 07777,
    LINE = 256
};

/* Runs a planted file of the project, and compares its ids and capabilities with those of this
 * process. */
static const char *run_file(const struct world *w, const struct attempt *a)
{
    char path[TEXT];
    char got[LINE] = "";
    char us[LINE] = "";
    int fds[2];
    pid_t pid;
    FILE *self = fopen("/proc/self/status", "re");
    char line[TEXT];
    char caps[LINE] = "";

    if (place(w, a->what, path) == NULL) {
        return NOT_GIVEN;
    }
    if (access(path, F_OK) < 0) {
        return ABSENT; /* only root can plant it */
    }
    while (self != NULL && fgets(line, sizeof(line), self) != NULL) {
        if (strncmp(line, "CapEff:\t", 8) == 0) {
            (void)snprintf(caps, sizeof(caps), "%.16s", line + 8);
        }
    }
    (void)snprintf(us, sizeof(us), "%d %d %s", (int)geteuid(), (int)getegid(), caps);
    if (pipe(fds) < 0 || (pid = fork()) < 0) {
        return failure(errno);
    }
    if (pid == 0) {
        (void)dup2(fds[1], STDOUT_FILENO);
        (void)execl(path, path, "--who", (char *)NULL);
        (void)dprintf(STDOUT_FILENO, "%s", failure(errno));
        _exit(1);
    }
    (void)close(fds[1]);
    (void)!read(fds[0], got, sizeof(got) - 1);
    (void)waitpid(pid, NULL, 0);
    got[strcspn(got, "\n")] = '\0';
    return strcmp(got, us) == 0 ? SAME : got[0] == 'E' ? failure(EPERM) : OPEN;
}

/* Makes a setuid file, with the call a->nr. */
static const char *make_setuid(const struct world *w, const struct attempt *a)
{
    const uint64_t how[3] = {O_WRONLY | O_CREAT, SETUID_MODE, 0};
    struct stat st;
    long rc = 0;
    int fd = -1;

    (void)w;
    (void)umask(0);
    (void)unlink("made");
    switch (a->nr) {
    case SYS_openat:
        rc = openat(AT_FDCWD, "made", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, SETUID_MODE);
        break;
    case NR_OPENAT2:
        rc = syscall(NR_OPENAT2, AT_FDCWD, "made", how, sizeof(how));
        break;
    case SYS_mknodat:
        rc = mknodat(AT_FDCWD, "made", S_IFREG | SETUID_MODE, 0);
        break;
    case O_TMPFILE:
        rc = openat(AT_FDCWD, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, SETUID_MODE);
        return rc < 0                                                    ? failure(errno)
               : fstat((int)rc, &st) == 0 && (st.st_mode & S_ISUID) != 0 ? OPEN
                                                                         : SAME;
#ifdef SYS_creat
    case SYS_creat:
        rc = syscall(SYS_creat, "made", SETUID_MODE);
        break;
#endif
    default:
        fd = open("made", O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
        break;
    }
    if (a->nr == SYS_fchmod) {
        rc = fchmod(fd, SETUID_MODE);
    } else if (a->nr == SYS_fchmodat) {
        rc = syscall(SYS_fchmodat, AT_FDCWD, "made", SETUID_MODE);
    } else if (a->nr == NR_FCHMODAT2) {
        rc = syscall(NR_FCHMODAT2, AT_FDCWD, "made", SETUID_MODE, 0);
#ifdef SYS_chmod
    } else if (a->nr == SYS_chmod) {
        rc = syscall(SYS_chmod, "made", SETUID_MODE);
#endif
    }
    if (rc < 0) {
        int failed = errno;

        (void)unlink("made");
        return failure(failed);
    }
    rc = stat("made", &st);
    (void)unlink("made");
    return rc == 0 && (st.st_mode & S_ISUID) != 0 ? OPEN : SAME;
}

static const char *become(const struct world *w, const struct attempt *a)
{
    uid_t other = getuid() == 0 ? OTHER : 0;
    gid_t groups[1] = {OTHER};

    (void)w;
    switch (a->nr) {
    case SYS_setuid:
        return result(setuid(other));
    case SYS_setresuid:
        return result(syscall(SYS_setresuid, other, other, other));
    case SYS_setgid:
        return result(setgid(OTHER));
    case SYS_setgroups:
        return result(syscall(SYS_setgroups, 1, groups));
    case SYS_setfsuid:
        (void)setfsuid(other);
        return (uid_t)setfsuid((uid_t)-1) == other ? OPEN : SAME;
    default:
        return NOT_GIVEN;
    }
}

static const char *give_away(const struct world *w, const struct attempt *a)
{
    int fd = open("given", O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
    int failed;

    (void)w;
    failed = fd < 0 || fchown(fd, a->nr == SYS_setuid ? OTHER : (uid_t)-1,
                              a->nr == SYS_setgid ? OTHER : (gid_t)-1) < 0
                 ? errno
                 : 0;
    (void)unlink("given");
    return failed == 0 ? OPEN : failure(failed);
}

static const char *attribute(const struct world *w, const struct attempt *a)
{
    struct vfs_cap_data caps = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
                                .data = {{.permitted = 1U << CAP_SYS_ADMIN}}};
    int fd = open("attributed", O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
    int failed;

    (void)w;
    failed = fd < 0 || fsetxattr(fd, a->what, &caps, sizeof(caps), 0) < 0 ? errno : 0;
    (void)unlink("attributed");
    return failed == 0 ? OPEN : failure(failed);
}

static const char *capabilities(const struct world *w, const struct attempt *a)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

    (void)w;
    if (strcmp(a->what, "are there") == 0) {
        if (syscall(SYS_capget, &head, data) < 0) {
            return failure(errno);
        }
        return (data[0].permitted | data[1].permitted | data[0].effective |
                data[0].inheritable) != 0
                   ? OPEN
                   : NONE;
    }
    data[0] = (struct __user_cap_data_struct){1U << CAP_SYS_ADMIN, 1U << CAP_SYS_ADMIN, 0};
    return result(syscall(SYS_capset, &head, data));
}

static const char *bounding(const struct world *w, const struct attempt *a)
{
    (void)w;
    (void)a;
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
        if (prctl(PR_CAPBSET_READ, cap) != 0) {
            return OPEN;
        }
    }
    return NONE;
}

static const char *no_new_privileges(const struct world *w, const struct attempt *a)
{
    (void)w;
    (void)a;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? NONE : OPEN;
}

static const char *groups(const struct world *w, const struct attempt *a)
{
    gid_t all[LINE];
    int count = getgroups(LINE, all);

    (void)w;
    (void)a;
    for (int i = 0; i < count; i++) {
        if (all[i] != getgid() && all[i] != 65534) {
            return OPEN;
        }
    }
    return count < 0 ? failure(errno) : NONE;
}

static const char *raise_hard(const struct world *w, const struct attempt *a)
{
    struct rlimit limit;

    (void)w;
    (void)getrlimit((int)a->nr, &limit);
    if (limit.rlim_max == RLIM_INFINITY) {
        return SAME;
    }
    limit.rlim_max = RLIM_INFINITY;
    return result(setrlimit((int)a->nr, &limit));
}

/* Tries to get a better priority than other processes. */
static const char *better(const struct world *w, const struct attempt *a)
{
    int fd;

    (void)w;
    if (a->nr == SYS_setpriority) {
        return result(setpriority(PRIO_PROCESS, 0, -20));
    }
    fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    return fd < 0 ? failure(errno) : result(write(fd, "-1000", 5));
}

/* Lets a child crash with the largest core file that is allowed. The core file can only be in
 * the project. */
static const char *dump(const struct world *w, const struct attempt *a)
{
    const struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};
    int status = 0;
    pid_t pid = fork();

    (void)w;
    (void)a;
    if (pid == 0) {
        (void)setrlimit(RLIMIT_CORE, &most);
        abort();
    }
    (void)waitpid(pid, &status, 0);
    return WCOREDUMP(status) ? OWN : NONE;
}

#define PRCTL(name, a0, a1, a2, wanted, why)                                                   \
    {                                                                                          \
        "prctl", name, call, wanted, why, SYS_prctl,                                           \
        {                                                                                      \
            NUMBER(a0), NUMBER(a1), NUMBER(a2), NULL, NULL, NULL                               \
        }                                                                                      \
    }
#define RUN(path, wanted, why)                                                                 \
    {                                                                                          \
        "run", path, run_file, wanted, why, 0,                                                 \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define MAKE(name, nr, wanted)                                                                 \
    {                                                                                          \
        "make a setuid file by", name, make_setuid, wanted, "a program that runs as the user", \
            nr,                                                                                \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define BECOME(name, nr, wanted)                                                               \
    {                                                                                          \
        "become another by", name, become, wanted, "another user's files", nr,                 \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
static const struct attempt attempts[] = {
    RUN("%/setuid-file", "SAME out=OPEN out-user=-", "another user, by a planted file"),
    RUN("%/setgid-file", "SAME out=OPEN out-user=-", "another group, by a planted file"),
    RUN("%/capable-file", "SAME|EPERM docker-rootless=SAME|EPERM out=OPEN|SAME out-user=-", "capabilities, by a planted file"),
    MAKE("openat", SYS_openat, "EPERM out=OPEN"),
    MAKE("openat2", NR_OPENAT2, "ENOSYS out=OPEN"),
    MAKE("mknodat", SYS_mknodat, "EPERM out=OPEN"),
    MAKE("O_TMPFILE", O_TMPFILE, "EPERM out=OPEN|EOPNOTSUPP"),
    MAKE("fchmod", SYS_fchmod, "EPERM out=OPEN"),
    MAKE("fchmodat", SYS_fchmodat, "EPERM out=OPEN"),
    MAKE("fchmodat2", NR_FCHMODAT2, "EPERM out=OPEN|ENOSYS"),
#ifdef SYS_creat
    MAKE("creat", SYS_creat, "EPERM out=OPEN"),
    MAKE("chmod", SYS_chmod, "EPERM out=OPEN"),
#endif
    BECOME("setuid", SYS_setuid, "EINVAL|EPERM out=OPEN out-user=EPERM"),
    BECOME("setresuid", SYS_setresuid, "EINVAL|EPERM out=OPEN out-user=EPERM"),
    BECOME("setgid", SYS_setgid, "EINVAL|EPERM out=OPEN out-user=EPERM"),
    BECOME("setgroups", SYS_setgroups, "EPERM out=OPEN out-user=EPERM"),
    BECOME("setfsuid", SYS_setfsuid, "SAME out=OPEN out-user=SAME"),
    {"give a file to", "another user", give_away, "EINVAL|EPERM out=OPEN out-user=EPERM", "files of other users", SYS_setuid, {NULL}},
    {"give a file to", "another group", give_away, "EINVAL|EPERM out=OPEN out-user=EPERM", "files of other users", SYS_setgid, {NULL}},
    {"set an attribute:", "security.capability", attribute, "EPERM out=OPEN|EOPNOTSUPP out-user=EPERM", "capabilities for every user of the file", 0, {NULL}},
    {"set an attribute:", "trusted.overlay.opaque", attribute, "EPERM out=OPEN|EOPNOTSUPP out-user=EPERM", "settings that only the administrator may change", 0, {NULL}},
    {"see whether capabilities", "are there", capabilities, "NONE out=OPEN out-user=NONE", "the rights of root", 0, {NULL}},
    {"see whether capabilities", "can be had", capabilities, "EPERM out=OPEN out-user=EPERM", "the rights of root", 0, {NULL}},
    {"see whether", "the bounding set is empty", bounding, "NONE landlock-only-user=OPEN out=OPEN", "more rights for programs that are executed", 0, {NULL}},
    {"see whether", "no_new_privs is set", no_new_privileges, "NONE out=OPEN", "more rights for programs that are executed", 0, {NULL}},
    {"see whether", "groups of the host's are left", groups, "NONE landlock-only-user=NONE|OPEN out=NONE|OPEN", "files of those groups", 0, {NULL}},
    PRCTL("PR_SET_NO_NEW_PRIVS to 0", PR_SET_NO_NEW_PRIVS, 0, 0, "EINVAL", "setuid files"),
    PRCTL("PR_SET_SECCOMP to none", PR_SET_SECCOMP, 0, 0, "EINVAL", "a process without a filter"),
    PRCTL("PR_CAP_AMBIENT", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, "EPERM", "the rights of root"),
    PRCTL("PR_CAPBSET_DROP", PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, "EPERM", "nothing, but it shows that there are no capabilities"),
    PRCTL("PR_SET_SECUREBITS", PR_SET_SECUREBITS, SECBIT_KEEP_CAPS, 0, "EPERM", "the rights of root"),
    PRCTL("PR_SET_MM", PR_SET_MM, PR_SET_MM_START_BRK, 4096, "EPERM|EINVAL", "another name in the list of processes"),
    {"raise the hard limit of", "open files", raise_hard, "EPERM|SAME out=OPEN|EPERM|SAME", "no limit", RLIMIT_NOFILE, {NULL}},
    {"raise the hard limit of", "processes", raise_hard, "EPERM|SAME", "no limit", RLIMIT_NPROC, {NULL}},
    {"raise the hard limit of", "locked memory", raise_hard, "EPERM|SAME", "no limit", RLIMIT_MEMLOCK, {NULL}},
    {"come before others by", "setpriority", better, "EACCES|EPERM", "slower programs on the host", SYS_setpriority, {NULL}},
    {"come before others by", "oom_score_adj", better, "EACCES|EROFS landlock-only=EACCES", "the kernel kills programs of the host instead", 0, {NULL}},
    {"dump", "a core", dump, "NONE|OWN", "a copy of memory outside of the sandbox", 0, {NULL}},
};
/* clang-format on */

const struct attempt *attempts_identity(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
