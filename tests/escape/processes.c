/* SPDX-License-Identifier: MIT */
/* Attempts on processes outside of the command: a process of the host, by its pid, and the
 * session's init. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    NR_PIDFD_SEND_SIGNAL = 424,
    NR_PIDFD_OPEN = 434,
    NR_PIDFD_GETFD = 438,
    NR_PROCESS_MADVISE = 440,
    SEIZE = 0x4206, /* PTRACE_SEIZE */
    KCMP_FILE = 0,
    IOPRIO_WHO_PROCESS = 1,
    NO_ENTRIES = 48 /* bytes that a directory with only "." and ".." gives */
};

/* Returns the pid of the attempt's process: of init, or of a process of the host. */
static long target(const struct world *w, const struct attempt *a)
{
    return strcmp(a->what, "init") == 0 ? init_pid(w) : given_number(w, "pid");
}

#define PREPARE(pid)                                                                           \
    long pid = target(w, a);                                                                   \
    if (pid == 0) {                                                                            \
        return NOT_GIVEN;                                                                      \
    }

static const char *signals(const struct world *w, const struct attempt *a)
{
    siginfo_t info = {.si_signo = SIGURG, .si_code = SI_QUEUE};
    long fd;

    PREPARE(pid)
    switch (a->nr) {
    case SYS_kill:
        return result(kill((pid_t)pid, SIGURG));
    case SYS_tkill:
        return result(syscall(SYS_tkill, pid, SIGURG));
    case SYS_tgkill:
        return result(syscall(SYS_tgkill, pid, pid, SIGURG));
    case SYS_rt_sigqueueinfo:
        return result(syscall(SYS_rt_sigqueueinfo, pid, SIGURG, &info));
    case NR_PIDFD_OPEN:
        return result(syscall(NR_PIDFD_OPEN, pid, 0));
    case NR_PIDFD_SEND_SIGNAL:
        fd = syscall(NR_PIDFD_OPEN, pid, 0);
        return fd < 0 ? failure(errno)
                      : result(syscall(NR_PIDFD_SEND_SIGNAL, fd, SIGURG, NULL, 0));
    default:
        return NOT_GIVEN;
    }
}

/* Sends a signal to every process that can be reached. The bait reports whether it got the
 * signal. */
static const char *everybody(const struct world *w, const struct attempt *a)
{
    (void)w;
    (void)a;
    (void)kill(-1, SIGURG);
    return NONE;
}

/* Lets the kernel send a signal: F_SETOWN names the process that gets a signal when there is
 * something to read. */
static const char *by_owner(const struct world *w, const struct attempt *a)
{
    int fds[2];

    PREPARE(pid)
    if (pipe(fds) < 0) {
        return failure(errno);
    }
    if (fcntl(fds[0], F_SETOWN, (int)pid) < 0 || fcntl(fds[0], F_SETSIG, SIGURG) < 0 ||
        fcntl(fds[0], F_SETFL, O_ASYNC | O_NONBLOCK) < 0 || write(fds[1], "x", 1) < 0) {
        return failure(errno);
    }
    /* The kernel checks when it sends, and reports nothing. The bait reports a signal. */
    return NONE;
}

static const char *trace(const struct world *w, const struct attempt *a)
{
    PREPARE(pid)
    return result(syscall(SYS_ptrace, a->nr, pid, NULL, NULL));
}

static const char *memory(const struct world *w, const struct attempt *a)
{
    char text[] = "was here";
    struct iovec ours = {text, sizeof(text) - 1};
    struct iovec theirs = {(void *)given_number(w, "memory"), sizeof(text) - 1};

    PREPARE(pid)
    return result(syscall(a->nr, pid, &ours, 1, &theirs, 1, 0));
}

static const char *madvise_of(const struct world *w, const struct attempt *a)
{
    struct iovec theirs = {(void *)(given_number(w, "memory") & ~4095L), 4096};
    long fd;

    PREPARE(pid)
    fd = syscall(NR_PIDFD_OPEN, pid, 0);
    return fd < 0 ? failure(errno)
                  : result(syscall(NR_PROCESS_MADVISE, fd, &theirs, 1, MADV_COLD, 0));
}

static const char *take_descriptor(const struct world *w, const struct attempt *a)
{
    long fd;

    PREPARE(pid)
    fd = syscall(NR_PIDFD_OPEN, pid, 0);
    return fd < 0 ? failure(errno) : result(syscall(NR_PIDFD_GETFD, fd, 0, 0));
}

static const char *compare(const struct world *w, const struct attempt *a)
{
    PREPARE(pid)
    return result(syscall(SYS_kcmp, pid, getpid(), KCMP_FILE, 0, 0));
}

/* Sets a property of the process to the value that it has, to see whether that is allowed. */
static const char *set(const struct world *w, const struct attempt *a)
{
    cpu_set_t cpus;
    struct sched_param param = {0};
    struct rlimit limit;
    long rc;

    PREPARE(pid)
    switch (a->nr) {
    case SYS_setpriority:
        errno = 0;
        rc = getpriority(PRIO_PROCESS, (id_t)pid);
        return errno != 0 ? failure(errno)
                          : result(setpriority(PRIO_PROCESS, (id_t)pid, (int)rc));
    case SYS_sched_setaffinity:
        return sched_getaffinity((pid_t)pid, sizeof(cpus), &cpus) < 0
                   ? failure(errno)
                   : result(sched_setaffinity((pid_t)pid, sizeof(cpus), &cpus));
    case SYS_sched_setscheduler:
        return result(syscall(SYS_sched_setscheduler, pid, SCHED_OTHER, &param));
    case SYS_ioprio_set:
        rc = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, pid);
        return rc < 0 ? failure(errno)
                      : result(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, rc));
    case SYS_prlimit64:
        if (prlimit((pid_t)pid, RLIMIT_NOFILE, NULL, &limit) < 0) {
            return failure(errno);
        }
        return result(prlimit((pid_t)pid, RLIMIT_NOFILE, &limit, NULL));
    case SYS_move_pages:
        return result(syscall(SYS_move_pages, pid, 0, NULL, NULL, NULL, 0));
    case SYS_migrate_pages:
        return result(syscall(SYS_migrate_pages, pid, 0, NULL, NULL));
    default:
        return NOT_GIVEN;
    }
}

/* Raises a hard limit of the process. */
static const char *raise_limit(const struct world *w, const struct attempt *a)
{
    struct rlimit limit;

    PREPARE(pid)
    if (prlimit((pid_t)pid, RLIMIT_NOFILE, NULL, &limit) < 0) {
        return failure(errno);
    }
    limit.rlim_max++;
    return result(prlimit((pid_t)pid, RLIMIT_NOFILE, &limit, NULL));
}

/* Opens an entry of init in /proc, and reads it if opening alone shows nothing. */
static const char *of_init(const struct world *w, const struct attempt *a)
{
    char path[64];
    char link[64];
    char room[TEXT];
    long got;
    char byte;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%ld/%s", init_pid(w), a->what);
    if (strncmp(a->what, "ns/", 3) == 0) {
        return result(readlink(path, link, sizeof(link)));
    }
    fd = open(path, a->nr == O_WRONLY ? O_WRONLY | O_CLOEXEC : O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure(errno);
    }
    if (a->nr == O_WRONLY) {
        return result(strcmp(a->what, "mem") == 0 ? 0 : write(fd, "0 0 1", 5));
    }
    if (strcmp(a->what, "map_files") == 0) {
        got = syscall(SYS_getdents64, fd, room, sizeof(room));
        return got < 0 ? failure(errno) : got > NO_ENTRIES ? OPEN : EMPTY;
    }
    return strcmp(a->what, "mem") == 0 ? OPEN : result(read(fd, &byte, 1) == 1 ? 0 : -1);
}

/* Looks for the arguments with which the user called cco. */
static const char *arguments(const struct world *w, const struct attempt *a)
{
    char text[TEXT];
    char path[64];
    const char *mark = given(w, "name");
    int fd;
    ssize_t got;

    (void)a;
    (void)snprintf(path, sizeof(path), "/proc/%ld/cmdline", init_pid(w));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    got = fd < 0 ? -1 : read(fd, text, sizeof(text));
    if (got < 0 || mark == NULL) {
        return mark == NULL ? NOT_GIVEN : failure(errno);
    }
    return memmem(text, (size_t)got, mark, strlen(mark)) != NULL ? OPEN : NONE;
}

#define SIGNAL(nr, what, wanted)                                                               \
    {                                                                                          \
        "send a signal by " #nr " to", what, signals, wanted,                                  \
            "the end of the user's programs", nr,                                              \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define SET(nr, what, wanted, why)                                                             \
    {                                                                                          \
        "call " #nr " for", what, set, wanted, why, nr,                                        \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define INIT(path, how, wanted, why)                                                           \
    {                                                                                          \
        how == O_WRONLY ? "write init's" : "read init's", path, of_init, wanted, why, how,     \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
#define NOBODY "ESRCH landlock-only=EPERM out=OPEN"
#define PID "the host's process"
#define SHUT_INIT "EACCES landlock-only=EACCES"

static const struct attempt attempts[] = {
    SIGNAL(SYS_kill, PID, NOBODY),
    SIGNAL(SYS_tkill, PID, NOBODY),
    SIGNAL(SYS_tgkill, PID, NOBODY),
    SIGNAL(SYS_rt_sigqueueinfo, PID, NOBODY),
    SIGNAL(NR_PIDFD_OPEN, PID, "ESRCH|EINVAL landlock-only=OPEN out=OPEN"),
    SIGNAL(NR_PIDFD_SEND_SIGNAL, PID, "ESRCH|EINVAL landlock-only=EPERM out=OPEN"),
    {"send a signal to", "everybody", everybody, "NONE", "the end of the user's programs", 0, {NULL}},
    {"have the kernel signal", PID, by_owner, "ESRCH|NONE out=NONE", "the end of the user's programs", 0, {NULL}},
    {"seize", PID, trace, NOBODY, "control of that program", SEIZE, {NULL}},
    {"attach to", PID, trace, "ESRCH landlock-only=EPERM", "control of that program", PTRACE_ATTACH, {NULL}},
    {"read the memory of", PID, memory, NOBODY " docker=ESRCH|EPERM", "its secrets", SYS_process_vm_readv, {NULL}},
    {"write the memory of", PID, memory, NOBODY " docker=ESRCH|EPERM", "control of that program", SYS_process_vm_writev, {NULL}},
    {"advise on the memory of", PID, madvise_of, "ESRCH|EINVAL landlock-only=EPERM|EACCES out=OPEN out-user=OPEN|EPERM", "slower programs on the host", 0, {NULL}},
    {"take an open file of", PID, take_descriptor, "ESRCH|EINVAL|EPERM landlock-only=EPERM out=OPEN", "its open files", 0, {NULL}},
    {"compare with", PID, compare, "ESRCH docker=ESRCH|EPERM landlock-only=EPERM", "its open files", 0, {NULL}},
    SET(SYS_setpriority, PID, "ESRCH landlock-only=EPERM out=OPEN", "slower programs on the host"),
    SET(SYS_sched_setaffinity, PID, "ESRCH landlock-only=EPERM out=OPEN", "slower programs on the host"),
    SET(SYS_sched_setscheduler, PID, "ESRCH landlock-only=EPERM out=OPEN", "slower programs on the host"),
    SET(SYS_ioprio_set, PID, "ESRCH landlock-only=EPERM out=OPEN", "slower programs on the host"),
    SET(SYS_prlimit64, PID, "ESRCH landlock-only=EPERM out=OPEN", "programs of the host that reach a limit"),
    SET(SYS_move_pages, PID, "EPERM out=OPEN|ENODEV|ENOSYS", "the addresses of its memory"),
    SET(SYS_migrate_pages, PID, "EPERM", "the addresses of its memory"),
    {"seize", "init", trace, "EPERM", "the session's secrets; the line to cco", SEIZE, {NULL}},
    {"attach to", "init", trace, "EPERM", "the session's secrets; the line to cco", PTRACE_ATTACH, {NULL}},
    {"read the memory of", "init", memory, "EPERM", "the session's secrets", SYS_process_vm_readv, {NULL}},
    {"write the memory of", "init", memory, "EPERM", "control of init", SYS_process_vm_writev, {NULL}},
    {"take an open file of", "init", take_descriptor, "EPERM", "the line to cco", 0, {NULL}},
    {"compare with", "init", compare, "EPERM", "the line to cco", 0, {NULL}},
    {"raise a limit of", "init", raise_limit, "EPERM", "no limit", 0, {NULL}},
    SET(SYS_move_pages, "init", "EPERM", "the addresses of init's memory"),
    INIT("mem", O_RDONLY, SHUT_INIT, "the session's secrets"),
    INIT("mem", O_WRONLY, SHUT_INIT, "control of init"),
    INIT("environ", O_RDONLY, SHUT_INIT, "variables of the host"),
    INIT("maps", O_RDONLY, SHUT_INIT, "the addresses of its memory"),
    INIT("fd/0", O_RDONLY, SHUT_INIT, "the line to cco"),
    INIT("fd/1", O_WRONLY, SHUT_INIT, "the line to cco"),
    INIT("fd/3", O_RDONLY, "EACCES|ENOENT", "other open files of init"),
    INIT("fd/4", O_RDONLY, "EACCES|ENOENT", "other open files of init"),
    INIT("fdinfo", O_RDONLY, SHUT_INIT, "the line to cco"),
    INIT("map_files", O_RDONLY, "EACCES|EPERM|ENOENT|EMPTY", "the session's secrets"),
    INIT("root", O_RDONLY, SHUT_INIT, "the root of init, which could be the host's"),
    INIT("cwd", O_RDONLY, SHUT_INIT, "the directory in which cco was called"),
    INIT("exe", O_RDONLY, SHUT_INIT, "a program of the host that could be overwritten (as in CVE-2019-5736)"),
    INIT("auxv", O_RDONLY, SHUT_INIT, "the addresses of its memory"),
    INIT("stack", O_RDONLY, "EACCES|EPERM|ENOENT", "the addresses of the kernel in memory"),
    INIT("syscall", O_RDONLY, "EACCES|EPERM|ENOENT", "the addresses of its memory"),
    INIT("ns/user", O_RDONLY, SHUT_INIT, "namespaces of init"),
    INIT("uid_map", O_WRONLY, "EACCES|EPERM|EROFS", "ids of other users"),
    {"read the arguments of", "cco", arguments, "NONE|EACCES", "the arguments that the user wrote", 0, {NULL}},
};
/* clang-format on */

const struct attempt *attempts_processes(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
