/* SPDX-License-Identifier: MIT */
/* Calls that no development tool needs: what is the machine's, what has been the kernel's weak
 * places, and other ways into the kernel than this architecture's own. Whatever would change
 * the machine is called so that it would change nothing. */
#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    NR_IO_URING_SETUP = 425,
    NR_IO_URING_ENTER = 426,
    NR_IO_URING_REGISTER = 427,
    NR_QUOTACTL_FD = 443,
    NR_NEWER = 490,        /* newer than whoever made the filter could know */
    X32 = 0x40000000,      /* __X32_SYSCALL_BIT */
    HIGH = 1,              /* a bit of the upper half, which the kernel does not look at */
    STI = 0x5412,          /* TIOCSTI */
    CONSOLE = 0x541c,      /* TIOCLINUX */
    TAKE_CONSOLE = 0x541d, /* TIOCCONS */
    DISCIPLINE = 0x5423,   /* TIOCSETD */
    SLCAN = 17,
    HANDLE = 128,
    NAME = 65
};

static const char *clocks(const struct world *w, const struct attempt *a)
{
    struct timespec now = {0};
    struct timex adjust = {0};

    (void)w;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (a->nr == SYS_clock_settime) {
        return result(clock_settime(CLOCK_REALTIME, &now));
    }
    if (a->nr == SYS_settimeofday) {
        const long tv[2] = {now.tv_sec, now.tv_nsec / 1000};

        return result(syscall(SYS_settimeofday, tv, NULL));
    }
    (void)adjtimex(&adjust);
    adjust.modes = ADJ_FREQUENCY;
    return result(adjtimex(&adjust));
}

static const char *names(const struct world *w, const struct attempt *a)
{
    char name[NAME] = "";

    (void)w;
    (void)gethostname(name, sizeof(name) - 1);
    return result(syscall(a->nr, name, strlen(name)));
}

/* A file by its number alone, past every directory. */
static const char *by_handle(const struct world *w, const struct attempt *a)
{
    struct {
        unsigned bytes;
        int type;
        unsigned char handle[HANDLE];
    } h = {.bytes = HANDLE};
    int id = 0;

    (void)w;
    if (syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, 0) < 0) {
        return a->nr == SYS_name_to_handle_at ? failure(errno)
               : errno == EOPNOTSUPP          ? ABSENT
                                              : failure(errno);
    }
    return a->nr == SYS_name_to_handle_at
               ? OPEN
               : result(syscall(SYS_open_by_handle_at, AT_FDCWD, &h, O_RDONLY | O_CLOEXEC));
}

static const char *terminal(const struct world *w, const struct attempt *a)
{
    const char byte = '\n';
    const int discipline = SLCAN;

    (void)w;
    return result(
        syscall(SYS_ioctl, 0, a->nr, a->nr == DISCIPLINE ? (const void *)&discipline : &byte));
}

static const char *personalities(const struct world *w, const struct attempt *a)
{
    (void)w;
    return result(syscall(SYS_personality, a->nr));
}

/* A filter behind the sandbox's that lets everything pass, or hands it to us. */
static const char *filter(const struct world *w, const struct attempt *a)
{
    struct sock_filter steps[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_keyctl},
        {BPF_RET | BPF_K, 0, 0, (unsigned)a->nr},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
    struct sock_fprog program = {sizeof(steps) / sizeof(steps[0]), steps};

    (void)w;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
        return failure(errno);
    }
    return result(syscall(SYS_keyctl, 0, -3, 0));
}

#ifdef __x86_64__

/* The entry for programs of 32 bits, with its numbers. */
static const char *old_entry(const struct world *w, const struct attempt *a)
{
    long rc;

    (void)w;
    __asm__ volatile("int $0x80"
                     : "=a"(rc)
                     : "a"(a->nr), "b"(0L), "c"(0L), "d"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    rc = (int)rc;
    return rc < 0 ? failure((int)-rc) : OPEN;
}

enum { ORIG_RAX = 15 * 8, IA32_GETPID = 20, IA32_MOUNT = 21 };

/* A tracer makes another call of a harmless one, when the filter could have seen it already. */
static const char *exchanged(const struct world *w, const struct attempt *a)
{
    int status = 0;
    long rc;
    pid_t pid = fork();

    (void)w;
    (void)a;
    if (pid == 0) {
        (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        (void)raise(SIGSTOP);
        rc = syscall(SYS_getppid, 0, -3, 0);
        _exit(rc < 0 ? errno : 0);
    }
    (void)waitpid(pid, &status, 0);
    for (int turn = 0; turn < 100 && WIFSTOPPED(status); turn++) {
        if (ptrace(PTRACE_PEEKUSER, pid, (void *)(long)ORIG_RAX, NULL) == SYS_getppid) {
            (void)ptrace(PTRACE_POKEUSER, pid, (void *)(long)ORIG_RAX,
                         (void *)(long)SYS_keyctl);
        }
        if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) < 0) {
            return failure(errno);
        }
        (void)waitpid(pid, &status, 0);
    }
    return WEXITSTATUS(status) == 0 ? OPEN : failure(WEXITSTATUS(status));
}

#endif

#define TTY(name, number, why)                                                                 \
    {                                                                                          \
        "ioctl", name, terminal, "EPERM out=ENOTTY|EINVAL", why, number,                       \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

/* clang-format off */
#define REFUSED "EPERM"
#define MACHINE "the machine is everybody's"
#define KEYS "other sessions' keys"
#define FAULTS "a long list of kernel faults"

static const struct attempt attempts[] = {
    CALL("keyctl", SYS_keyctl, NULL, NUMBER(-3), NULL, NULL, "EPERM out=OPEN|ENOKEY", KEYS),
    CALL("add_key", SYS_add_key, "user", "cco-escape", "x", NUMBER(1), "EPERM", KEYS),
    CALL("request_key", SYS_request_key, "user", "cco-escape", NULL, NULL, "EPERM out=ENOKEY", KEYS),
    CALL("bpf", SYS_bpf, NULL, NULL, NULL, NULL, "EPERM out=EINVAL|E2BIG|EFAULT out-user=EINVAL|EPERM|E2BIG|EFAULT", FAULTS),
    CALL("perf_event_open", SYS_perf_event_open, NULL, NULL, NUMBER(-1), NUMBER(-1), "EPERM out=EFAULT|EINVAL", FAULTS),
    CALL("userfaultfd", SYS_userfaultfd, NUMBER(1), NULL, NULL, NULL, "EPERM out=OPEN out-user=OPEN|EPERM", FAULTS),
    CALL("io_uring_setup", NR_IO_URING_SETUP, NUMBER(1), NULL, NULL, NULL, "ENOSYS out=EFAULT|EPERM|ENOSYS", FAULTS),
    CALL("io_uring_enter", NR_IO_URING_ENTER, NUMBER(-1), NULL, NULL, NULL, "ENOSYS", FAULTS),
    CALL("io_uring_register", NR_IO_URING_REGISTER, NUMBER(-1), NULL, NULL, NULL, "ENOSYS", FAULTS),
    CALL("init_module", SYS_init_module, NULL, NULL, "", NULL, REFUSED, "code in the kernel"),
    CALL("finit_module", SYS_finit_module, NUMBER(-1), "", NULL, NULL, REFUSED, "code in the kernel"),
    CALL("delete_module", SYS_delete_module, "cco_no_such_module", NUMBER(O_NONBLOCK), NULL, NULL, REFUSED, "code out of the kernel"),
    CALL("kexec_load", SYS_kexec_load, NULL, NULL, NULL, NUMBER(-1), REFUSED, "another kernel"),
    CALL("reboot", SYS_reboot, NULL, NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("swapon", SYS_swapon, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("swapoff", SYS_swapoff, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("acct", SYS_acct, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("syslog", SYS_syslog, NUMBER(10), NULL, NULL, NULL, "EPERM out=OPEN out-user=OPEN|EPERM", "where the kernel is in memory"),
    CALL("quotactl", SYS_quotactl, NUMBER(0x80000100), NULL, NULL, NULL, "EPERM", MACHINE),
    CALL("quotactl_fd", NR_QUOTACTL_FD, NUMBER(-1), NULL, NULL, NULL, "EPERM", MACHINE),
    CALL("fanotify_init", SYS_fanotify_init, NULL, NULL, NULL, NULL, "EPERM out=OPEN out-user=EPERM", "what everybody opens"),
    CALL("lookup_dcookie", SYS_lookup_dcookie, NULL, NULL, NULL, NULL, "EPERM", "old code"),
    CALL("vhangup", SYS_vhangup, NULL, NULL, NULL, NULL, "EPERM", "somebody else's terminal"),
    CALL("a call that is newer than the filter", NR_NEWER, NULL, NULL, NULL, NULL, "ENOSYS out=ENOSYS", "what nobody has looked at"),
    {"set the clock by", "clock_settime", clocks, REFUSED, MACHINE, SYS_clock_settime, {NULL}},
    {"set the clock by", "settimeofday", clocks, REFUSED, MACHINE, SYS_settimeofday, {NULL}},
    {"set the clock by", "adjtimex", clocks, REFUSED, MACHINE, SYS_adjtimex, {NULL}},
    {"set", "the host's name", names, "EPERM", MACHINE, SYS_sethostname, {NULL}},
    {"set", "the domain's name", names, "EPERM", MACHINE, SYS_setdomainname, {NULL}},
    {"find a file's number by", "name_to_handle_at", by_handle, "OPEN|EOPNOTSUPP docker=OPEN|EPERM|EOPNOTSUPP out=OPEN|EOPNOTSUPP", "the number alone opens nothing", SYS_name_to_handle_at, {NULL}},
    {"open a file by", "open_by_handle_at", by_handle, "EPERM out=OPEN out-user=EPERM|OPEN", "every file of the file system", SYS_open_by_handle_at, {NULL}},
    TTY("TIOCSTI", STI, "types as if the user did"),
    TTY("TIOCSTI, with bits the kernel does not see", (long)HIGH << 32 | STI, "types as if the user did"),
    TTY("TIOCLINUX", CONSOLE, "types as if the user did"),
    TTY("TIOCCONS", TAKE_CONSOLE, "the console's output"),
    TTY("TIOCSETD", DISCIPLINE, "old code"),
    {"set a personality:", "READ_IMPLIES_EXEC", personalities, "EPERM out=OPEN", "weak memory", 0x0400000, {NULL}},
    {"set a personality:", "MMAP_PAGE_ZERO", personalities, "EPERM out=OPEN", "weak memory", 0x0100000, {NULL}},
    {"set a personality:", "no randomisation", personalities, "OPEN docker=OPEN|EPERM|ENOSYS out=OPEN", "debuggers ask for it, and it is one's own", 0x0040000, {NULL}},
    {"overrule by a filter:", "everything passes", filter, "EPERM out=OPEN|ENOKEY", "what the sandbox's filter refuses", (long)SECCOMP_RET_ALLOW, {NULL}},
    {"overrule by a filter:", "a tracer decides", filter, "EPERM out=ENOSYS", "what the sandbox's filter refuses", (long)SECCOMP_RET_TRACE, {NULL}},
    {"overrule by a filter:", "it is written down", filter, "EPERM out=OPEN|ENOKEY", "what the sandbox's filter refuses", (long)SECCOMP_RET_LOG, {NULL}},
#ifdef __x86_64__
    {"overrule by", "a call exchanged by its tracer", exchanged, "EPERM out=OPEN|ENOKEY", "what the sandbox's filter refuses", 0, {NULL}},
    CALL("modify_ldt", SYS_modify_ldt, NULL, NULL, NULL, NULL, "ENOSYS out=OPEN|ENOSYS", FAULTS),
    CALL("iopl", SYS_iopl, NUMBER(3), NULL, NULL, NULL, "EPERM", "the processor's ports"),
    CALL("ioperm", SYS_ioperm, NUMBER(0x80), NUMBER(1), NUMBER(1), NULL, "EPERM", "the processor's ports"),
    CALL("uselib", SYS_uselib, "/nonexistent", NULL, NULL, NULL, "ENOSYS", "old code"),
    CALL("ustat", SYS_ustat, NULL, NULL, NULL, NULL, "ENOSYS", "old code"),
    CALL("getpid of x32", X32 | SYS_getpid, NULL, NULL, NULL, NULL, "ENOSYS out=ENOSYS|OPEN", "the filter's numbers are others there"),
    CALL("mount of x32", X32 | SYS_mount, NULL, NULL, NULL, NULL, "ENOSYS", "the filter's numbers are others there"),
    {"by int 0x80:", "getpid", old_entry, "ENOSYS|signal-11 out=OPEN|signal-11", "the filter's numbers are others there", IA32_GETPID, {NULL}},
    {"by int 0x80:", "mount", old_entry, "ENOSYS|signal-11", "the filter's numbers are others there", IA32_MOUNT, {NULL}},
#endif
};
/* clang-format on */

const struct attempt *attempts_kernel(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
