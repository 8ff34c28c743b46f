/* SPDX-License-Identifier: MIT */
/* Attempts with system calls that no development tool needs: calls that affect the whole
 * machine, calls whose code has had many vulnerabilities, and other ways into the kernel than
 * this architecture's own. A call that would change the machine is made with arguments with
 * which it changes nothing. */
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
    NR_NEWER = 490,        /* a call that is newer than the filter */
    X32 = 0x40000000,      /* __X32_SYSCALL_BIT */
    HIGH = 1,              /* a bit of the upper half, which the kernel ignores */
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

/* Opens a file by its handle alone, without a path. */
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

/* Sets one more filter, which allows everything or passes calls to a tracer, and makes a
 * refused call. */
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

/* Makes a call through the entry for 32-bit programs, with its numbers. */
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

/* A tracer changes a harmless call into a refused call after the filter may have seen it. */
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
#define MACHINE "changes to the whole machine"
#define KEYS "keys of other sessions"
#define FAULTS "a vulnerability of the kernel"

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
    CALL("delete_module", SYS_delete_module, "cco_no_such_module", NUMBER(O_NONBLOCK), NULL, NULL, REFUSED, "a kernel without some code"),
    CALL("kexec_load", SYS_kexec_load, NULL, NULL, NULL, NUMBER(-1), REFUSED, "another kernel"),
    CALL("reboot", SYS_reboot, NULL, NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("swapon", SYS_swapon, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("swapoff", SYS_swapoff, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("acct", SYS_acct, "/nonexistent", NULL, NULL, NULL, REFUSED, MACHINE),
    CALL("syslog", SYS_syslog, NUMBER(10), NULL, NULL, NULL, "EPERM out=OPEN out-user=OPEN|EPERM", "the addresses of the kernel in memory"),
    CALL("quotactl", SYS_quotactl, NUMBER(0x80000100), NULL, NULL, NULL, "EPERM", MACHINE),
    CALL("quotactl_fd", NR_QUOTACTL_FD, NUMBER(-1), NULL, NULL, NULL, "EPERM", MACHINE),
    CALL("fanotify_init", SYS_fanotify_init, NULL, NULL, NULL, NULL, "EPERM out=OPEN out-user=EPERM", "the names of all files that are opened"),
    CALL("lookup_dcookie", SYS_lookup_dcookie, NULL, NULL, NULL, NULL, "EPERM", "old code of the kernel"),
    CALL("vhangup", SYS_vhangup, NULL, NULL, NULL, NULL, "EPERM", "the terminal of another user"),
    CALL("a call that is newer than the filter", NR_NEWER, NULL, NULL, NULL, NULL, "ENOSYS out=ENOSYS", "code that nobody has reviewed"),
    {"set the clock by", "clock_settime", clocks, REFUSED, MACHINE, SYS_clock_settime, {NULL}},
    {"set the clock by", "settimeofday", clocks, REFUSED, MACHINE, SYS_settimeofday, {NULL}},
    {"set the clock by", "adjtimex", clocks, REFUSED, MACHINE, SYS_adjtimex, {NULL}},
    {"set", "the host's name", names, "EPERM", MACHINE, SYS_sethostname, {NULL}},
    {"set", "the domain's name", names, "EPERM", MACHINE, SYS_setdomainname, {NULL}},
    {"find a file's number by", "name_to_handle_at", by_handle, "OPEN|EOPNOTSUPP docker=OPEN|EPERM|EOPNOTSUPP out=OPEN|EOPNOTSUPP", "nothing: the handle alone opens no file", SYS_name_to_handle_at, {NULL}},
    {"open a file by", "open_by_handle_at", by_handle, "EPERM out=OPEN out-user=EPERM|OPEN", "every file of the file system", SYS_open_by_handle_at, {NULL}},
    TTY("TIOCSTI", STI, "input as if the user typed it"),
    TTY("TIOCSTI, with bits the kernel does not see", (long)HIGH << 32 | STI, "input as if the user typed it"),
    TTY("TIOCLINUX", CONSOLE, "input as if the user typed it"),
    TTY("TIOCCONS", TAKE_CONSOLE, "the console's output"),
    TTY("TIOCSETD", DISCIPLINE, "old code of the kernel"),
    {"set a personality:", "READ_IMPLIES_EXEC", personalities, "EPERM out=OPEN", "weaker memory protection", 0x0400000, {NULL}},
    {"set a personality:", "MMAP_PAGE_ZERO", personalities, "EPERM out=OPEN", "weaker memory protection", 0x0100000, {NULL}},
    {"set a personality:", "no randomisation", personalities, "OPEN docker=OPEN|EPERM|ENOSYS out=OPEN", "nothing: debuggers use it, and it affects only the process itself", 0x0040000, {NULL}},
    {"overrule by a filter:", "everything passes", filter, "EPERM out=OPEN|ENOKEY", "calls that the sandbox's filter refuses", (long)SECCOMP_RET_ALLOW, {NULL}},
    {"overrule by a filter:", "a tracer decides", filter, "EPERM out=ENOSYS", "calls that the sandbox's filter refuses", (long)SECCOMP_RET_TRACE, {NULL}},
    {"overrule by a filter:", "it is written down", filter, "EPERM out=OPEN|ENOKEY", "calls that the sandbox's filter refuses", (long)SECCOMP_RET_LOG, {NULL}},
#ifdef __x86_64__
    {"overrule by", "a call exchanged by its tracer", exchanged, "EPERM out=OPEN|ENOKEY", "calls that the sandbox's filter refuses", 0, {NULL}},
    CALL("modify_ldt", SYS_modify_ldt, NULL, NULL, NULL, NULL, "ENOSYS out=OPEN|ENOSYS", FAULTS),
    CALL("iopl", SYS_iopl, NUMBER(3), NULL, NULL, NULL, "EPERM", "the I/O ports of the processor"),
    CALL("ioperm", SYS_ioperm, NUMBER(0x80), NUMBER(1), NUMBER(1), NULL, "EPERM", "the I/O ports of the processor"),
    CALL("uselib", SYS_uselib, "/nonexistent", NULL, NULL, NULL, "ENOSYS", "old code of the kernel"),
    CALL("ustat", SYS_ustat, NULL, NULL, NULL, NULL, "ENOSYS", "old code of the kernel"),
    CALL("getpid of x32", X32 | SYS_getpid, NULL, NULL, NULL, NULL, "ENOSYS out=ENOSYS|OPEN", "calls whose numbers the filter does not know"),
    CALL("mount of x32", X32 | SYS_mount, NULL, NULL, NULL, NULL, "ENOSYS", "calls whose numbers the filter does not know"),
    {"by int 0x80:", "getpid", old_entry, "ENOSYS|signal-11 out=OPEN|signal-11", "calls whose numbers the filter does not know", IA32_GETPID, {NULL}},
    {"by int 0x80:", "mount", old_entry, "ENOSYS|signal-11", "calls whose numbers the filter does not know", IA32_MOUNT, {NULL}},
#endif
};
/* clang-format on */

const struct attempt *attempts_kernel(size_t *count)
{
    *count = sizeof(attempts) / sizeof(attempts[0]);
    return attempts;
}
