/* SPDX-License-Identifier: MIT */
/* Tests the filter of system calls: first with an interpreter of classic BPF, then in the
 * kernel. */
#include "confine/seccomp.h"

#include "child.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter filter[SECCOMP_MAX];
static size_t count;

static uint32_t load(const struct seccomp_data *d, uint32_t offset)
{
    uint32_t word = 0;

    memcpy(&word, (const char *)d + offset, sizeof(word));
    return word;
}

/* Runs the filter on a call. Returns what the kernel would return, and 0xffffffff if the
 * program is invalid. */
static uint32_t interpret(const struct seccomp_data *d)
{
    uint32_t acc = 0;

    for (size_t pc = 0; pc < count; pc++) {
        const struct sock_filter *f = &filter[pc];
        bool yes;

        switch (f->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            if (f->k % 4 != 0 || f->k >= sizeof(*d)) {
                return UINT32_MAX;
            }
            acc = load(d, f->k);
            continue;
        case BPF_ALU | BPF_AND | BPF_K:
            acc &= f->k;
            continue;
        case BPF_RET | BPF_K:
            return f->k;
        case BPF_JMP | BPF_JEQ | BPF_K:
            yes = acc == f->k;
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            yes = acc > f->k;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            yes = (acc & f->k) != 0;
            break;
        default:
            return UINT32_MAX;
        }
        pc += yes ? f->jt : f->jf;
    }
    return UINT32_MAX;
}

/* Returns the errno with which the filter refuses a call, 0 if it allows the call, and -1 for
 * any other action. */
static int answer_to(struct seccomp_data d)
{
    uint32_t out = interpret(&d);

    if (out == SECCOMP_RET_ALLOW) {
        return 0;
    }
    return (out & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO ? (int)(out & SECCOMP_RET_DATA)
                                                                : -1;
}

static int answer(unsigned nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return answer_to((struct seccomp_data){
        .nr = (int)nr, .arch = seccomp_arch(), .args = {a, b, c, d, 0, 0}});
}

static void compile(unsigned allow)
{
    struct err e = {0};

    is_int(seccomp_compile(allow, filter, &count, &e), 0, "the filter can be compiled");
    ok(count > 0 && count < SECCOMP_MAX, "it has %zu instructions, which is below the maximum",
       count);
}

/* Returns a call that the row refuses. */
static struct seccomp_data call_that_is_refused_by(const struct seccomp_rule *r)
{
    struct seccomp_data d = {.nr = (int)r->nr, .arch = seccomp_arch()};

    if (r->test == SECCOMP_NOT_IN) {
        d.args[r->arg] = 0x7777; /* it is in no list */
    } else if (r->test != SECCOMP_ALWAYS) {
        d.args[r->arg] = r->value;
    }
    if (r->flags != 0) {
        d.args[r->arg - 1] = r->flags;
    }
    return d;
}

static void every_row_refuses_its_call(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool all = true;
    bool reasons = true;

    compile(SECCOMP_NO_NAMESPACES | SECCOMP_NO_TRUNCATE);
    for (size_t i = 0; i < rows; i++) {
        int got = answer_to(call_that_is_refused_by(&table[i]));

        if (got != table[i].errnum) {
            ok(false, "%s: %d, not %d", table[i].name, got, table[i].errnum);
            all = false;
        }
        reasons = reasons && table[i].why != NULL && strlen(table[i].why) > 4 &&
                  table[i].nr <= seccomp_last_nr();
    }
    ok(all && rows > 60, "each of the %zu rows refuses its call", rows);
    ok(reasons, "each row has a reason and a number up to the last one");
}

/* Calls without a row are allowed. Only the argument 0 is tried, except for the families of
 * sockets. */
static void calls_without_a_row_are_allowed(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool open = true;

    compile(0);
    for (unsigned nr = 0; nr <= seccomp_last_nr(); nr++) {
        bool always = false;

        for (size_t i = 0; i < rows; i++) {
            always = always || (table[i].nr == nr && table[i].test == SECCOMP_ALWAYS &&
                                table[i].only == 0);
        }
        if (!always &&
            answer(nr, nr == SYS_socket || nr == SYS_socketpair ? AF_UNIX : 0, 0, 0, 0) != 0) {
            ok(false, "call %u is refused", nr);
            open = false;
        }
    }
    ok(open, "all calls without a row are allowed");
}

static void arguments_decide(void)
{
    static const unsigned open_personalities[] = {0, 8, 0x20000, 0x20008, 0x40000, 0x40008};
    const uint64_t high = (uint64_t)1 << 32;

    is_int(answer(SYS_ioctl, 0, 0x5412, 0, 0), EPERM, "the ioctl TIOCSTI is refused");
    is_int(answer(SYS_ioctl, 0, 0x5412 | high, 0, 0), EPERM,
           "TIOCSTI with high bits, which the kernel ignores, is refused");
    is_int(answer(SYS_ioctl, 0, 0x5413, 0, 0), 0, "the ioctl for a terminal's size is allowed");
    is_int(answer(SYS_socket, AF_INET6, SOCK_STREAM, 0, 0), 0, "sockets of IPv6 are allowed");
    is_int(answer(SYS_socket, AF_VSOCK, SOCK_STREAM, 0, 0), EAFNOSUPPORT,
           "sockets to the hypervisor are refused");
    is_int(answer(SYS_clone, CLONE_VM | CLONE_FS | CLONE_THREAD, 0, 0, 0), 0,
           "threads are allowed");
    is_int(answer(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0), EPERM,
           "user namespaces are refused");
    is_int(answer(SYS_unshare, CLONE_FS, 0, 0, 0), 0, "unshare(CLONE_FS) is allowed");
    is_int(answer(SYS_unshare, 0x80, 0, 0, 0), EPERM, "time namespaces are refused");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY, 04755), 0,
           "a setuid mode is ignored if openat makes no file");
    is_int(answer(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 0755), 0,
           "making an executable file is allowed");
    is_int(answer(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 04755), EPERM,
           "making a setuid file is refused");
    is_int(answer(SYS_openat, 0, 0, O_TMPFILE | O_WRONLY, 04755), EPERM,
           "making a setuid file without a name is refused");
    is_int(answer(SYS_openat, 0, 0, O_DIRECTORY, 04755), 0,
           "O_DIRECTORY, which is a part of O_TMPFILE, is allowed");
    is_int(answer(SYS_fchmod, 0, 02755, 0, 0), 0,
           "the setgid bit, which shared directories have, is allowed");
    is_int(answer(SYS_mknodat, 0, 0, S_IFIFO | 0644, 0), 0, "making a FIFO is allowed");
    is_int(answer(SYS_mknodat, 0, 0, S_IFCHR | 0644, 0), EPERM,
           "making a device node is refused");
    for (size_t i = 0; i < sizeof(open_personalities) / sizeof(open_personalities[0]); i++) {
        is_int(answer(SYS_personality, open_personalities[i], 0, 0, 0), 0,
               "personalities of Linux are allowed");
        is_int(answer(SYS_personality, open_personalities[i] | 1, 0, 0, 0), EPERM,
               "personalities of other systems are refused");
    }
    is_int(answer(SYS_personality, 0xffffffff, 0, 0, 0), 0,
           "asking for the personality is allowed");
    is_int(answer(SYS_personality, 0x0400000, 0, 0, 0), EPERM, "READ_IMPLIES_EXEC is refused");
    is_int(answer(seccomp_last_nr() + 1, 0, 0, 0, 0), ENOSYS,
           "a call that is newer than the table does not exist");
    is_int(answer(0x40000000U | SYS_getpid, 0, 0, 0, 0), ENOSYS,
           "a call of x32 does not exist");
    is_int(answer_to((struct seccomp_data){.nr = 20, .arch = AUDIT_ARCH_I386}), ENOSYS,
           "a call of another architecture does not exist");
}

static void userns_can_be_allowed(void)
{
    compile(SECCOMP_ALLOW_USERNS);
    is_int(answer(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0), 0,
           "--allow-userns allows user namespaces");
    is_int(answer(SYS_mount, 0, 0, 0, 0), 0, "--allow-userns allows mounts");
    is_int(answer(SYS_bpf, 0, 0, 0, 0), EPERM, "--allow-userns does not allow bpf");
}

static void more_is_refused_without_namespaces(void)
{
    compile(0);
    is_int(answer(SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0), 0,
           "with namespaces, unix sockets are allowed");
    is_int(answer(SYS_truncate, 0, 0, 0, 0), 0, "by default, truncate is allowed");
    compile(SECCOMP_NO_NAMESPACES);
    is_int(answer(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0), EAFNOSUPPORT,
           "without namespaces, unix sockets are refused");
    is_int(answer(SYS_socket, AF_INET, SOCK_STREAM, 0, 0), 0,
           "without namespaces, IPv4 sockets are allowed");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0), 0,
           "a stream pair of unix sockets is allowed");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, 0), 0,
           "a packet pair of unix sockets is allowed");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, 0), EAFNOSUPPORT,
           "a datagram pair, which can send to any path, is refused");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_RAW, 0, 0), EAFNOSUPPORT,
           "a datagram pair under its other name, SOCK_RAW, is refused");
    is_int(answer(SYS_shmget, 0, 0, 0, 0), EPERM, "shared memory of System V is refused");
    is_int(answer(SYS_truncate, 0, 0, 0, 0), 0,
           "without namespaces, truncate is allowed if Landlock controls it");
    compile(SECCOMP_NO_NAMESPACES | SECCOMP_NO_TRUNCATE);
    is_int(answer(SYS_truncate, 0, 0, 0, 0), EPERM,
           "truncate is refused if Landlock does not control it");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY | O_TRUNC, 0), EPERM,
           "truncating with a read-only open is refused then, too");
    is_int(answer(SYS_openat, 0, 0, O_WRONLY | O_TRUNC | O_CREAT, 0644), 0,
           "truncating with a writable open, which Landlock controls, is allowed");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC, 0), 0, "reading is allowed");
}

/* Returns 0 if the kernel does what the interpreter does, and otherwise the number of the
 * failed step. */
static int in_kernel(void)
{
    struct err e = {0};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || seccomp_apply(0, &e) < 0) {
        return 1;
    }
    if (syscall(SYS_bpf, 0, NULL, 0) != -1 || errno != EPERM) {
        return 2;
    }
    if (unshare(CLONE_NEWUSER) != -1 || errno != EPERM) {
        return 3;
    }
    if (syscall(SYS_clock_getres, 0, NULL) != 0 || socket(AF_VSOCK, SOCK_STREAM, 0) != -1 ||
        errno != EAFNOSUPPORT) {
        return 4;
    }
    return syscall(5000) == -1 && errno == ENOSYS ? 0 : 5;
}

/* Returns 0 if seccomp_apply() reports that prctl(2) fails. */
static int in_kernel_that_refuses(void)
{
    struct err e = {0};

    if (!make_call_fail(SYS_prctl, EACCES)) {
        return 1;
    }
    return seccomp_apply(0, &e) < 0 && e.kind == ERR_SYS && e.errnum == EACCES ? 0 : 2;
}

/* The block of a call must not continue in the next block, which would take an argument for the
 * number of a call. */
static void an_argument_is_not_taken_for_a_number(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool open = true;

    compile(0);
    for (size_t i = 0; i < rows; i++) {
        open = open && answer(SYS_ioctl, 0, table[i].nr, 0, 0) == 0;
    }
    ok(open, "an ioctl with the number of a refused call is allowed");
}

/* Returns true if the kernel lists the action of the filter. */
static bool is_listed(void)
{
    char text[256] = "";
    FILE *file = fopen("/proc/sys/kernel/seccomp/actions_avail", "re");

    if (file != NULL) {
        (void)fgets(text, sizeof(text), file);
        (void)fclose(file);
    }
    return strstr(text, "errno") != NULL;
}

int main(void)
{
    every_row_refuses_its_call();
    calls_without_a_row_are_allowed();
    arguments_decide();
    more_is_refused_without_namespaces();
    userns_can_be_allowed();
    an_argument_is_not_taken_for_a_number();
    if (is_listed()) {
        ok(seccomp_is_available(), "the filter is available if the kernel lists its action");
    }
    if (!seccomp_is_available()) {
        ok(true, "the filter in the kernel # SKIP this kernel has no seccomp");
        return done_testing();
    }
    is_int(in_child(in_kernel), 0, "the kernel refuses the same calls");
    is_int(in_child(in_kernel_that_refuses), 0, "a filter that cannot be set is an error");
    return done_testing();
}
