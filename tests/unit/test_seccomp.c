/* SPDX-License-Identifier: MIT */
/* The filter of system calls: run by an interpreter of classic BPF, then by the kernel. */
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

/* What the kernel's own would give; 0xffffffff for a program that is not right. */
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

    is_int(seccomp_compile(allow, filter, &count, &e), 0, "the filter is made");
    ok(count > 0 && count < SECCOMP_MAX, "of %zu steps", count);
}

/* Arguments by which a row is met. */
static struct seccomp_data meets(const struct seccomp_rule *r)
{
    struct seccomp_data d = {.nr = (int)r->nr, .arch = seccomp_arch()};

    if (r->test == SECCOMP_NOT_IN) {
        d.args[r->arg] = 0x7777; /* in none of them */
    } else if (r->test != SECCOMP_ALWAYS) {
        d.args[r->arg] = r->value;
    }
    if (r->flags != 0) {
        d.args[r->arg - 1] = r->flags;
    }
    return d;
}

static void every_row(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool all = true;
    bool reasons = true;

    compile(SECCOMP_NO_NAMESPACES | SECCOMP_NO_TRUNCATE);
    for (size_t i = 0; i < rows; i++) {
        int got = answer_to(meets(&table[i]));

        if (got != table[i].errnum) {
            ok(false, "%s: %d, not %d", table[i].name, got, table[i].errnum);
            all = false;
        }
        reasons = reasons && table[i].why != NULL && strlen(table[i].why) > 4 &&
                  table[i].nr <= seccomp_last_nr();
    }
    ok(all && rows > 60, "each of %zu rows refuses what it is for", rows);
    ok(reasons, "and has its reason");
}

/* Everything that no row is for, as far as arguments of 0 go. */
static void the_rest(void)
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
    ok(open, "all other calls are open");
}

static void arguments(void)
{
    static const unsigned open_personalities[] = {0, 8, 0x20000, 0x20008, 0x40000, 0x40008};
    const uint64_t high = (uint64_t)1 << 32;

    is_int(answer(SYS_ioctl, 0, 0x5412, 0, 0), EPERM, "TIOCSTI");
    is_int(answer(SYS_ioctl, 0, 0x5412 | high, 0, 0), EPERM,
           "with bits that the kernel does not look at");
    is_int(answer(SYS_ioctl, 0, 0x5413, 0, 0), 0, "the size of a terminal");
    is_int(answer(SYS_socket, AF_INET6, SOCK_STREAM, 0, 0), 0, "the Internet");
    is_int(answer(SYS_socket, AF_VSOCK, SOCK_STREAM, 0, 0), EAFNOSUPPORT, "the hypervisor");
    is_int(answer(SYS_clone, CLONE_VM | CLONE_FS | CLONE_THREAD, 0, 0, 0), 0, "a thread");
    is_int(answer(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0), EPERM, "a user namespace");
    is_int(answer(SYS_unshare, CLONE_FS, 0, 0, 0), 0, "a directory of its own");
    is_int(answer(SYS_unshare, 0x80, 0, 0, 0), EPERM, "a clock of its own");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY, 04755), 0, "a mode where nothing is made");
    is_int(answer(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 0755), 0, "a program that is made");
    is_int(answer(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 04755), EPERM, "a setuid one");
    is_int(answer(SYS_openat, 0, 0, O_TMPFILE | O_WRONLY, 04755), EPERM, "one without a name");
    is_int(answer(SYS_openat, 0, 0, O_DIRECTORY, 04755), 0, "a directory that is opened");
    is_int(answer(SYS_fchmod, 0, 02755, 0, 0), 0, "setgid, as shared directories have it");
    is_int(answer(SYS_mknodat, 0, 0, S_IFIFO | 0644, 0), 0, "a fifo");
    is_int(answer(SYS_mknodat, 0, 0, S_IFCHR | 0644, 0), EPERM, "a device");
    for (size_t i = 0; i < sizeof(open_personalities) / sizeof(open_personalities[0]); i++) {
        is_int(answer(SYS_personality, open_personalities[i], 0, 0, 0), 0,
               "Linux, with or without random addresses");
        is_int(answer(SYS_personality, open_personalities[i] | 1, 0, 0, 0), EPERM,
               "not those of other systems");
    }
    is_int(answer(SYS_personality, 0xffffffff, 0, 0, 0), 0, "which personality it is");
    is_int(answer(SYS_personality, 0x0400000, 0, 0, 0), EPERM, "memory that may be run");
    is_int(answer(seccomp_last_nr() + 1, 0, 0, 0, 0), ENOSYS, "a call that is not known yet");
    is_int(answer(0x40000000U | SYS_getpid, 0, 0, 0, 0), ENOSYS, "a call of x32");
    is_int(answer_to((struct seccomp_data){.nr = 20, .arch = AUDIT_ARCH_I386}), ENOSYS,
           "another architecture's");
}

static void user_namespaces(void)
{
    compile(SECCOMP_ALLOW_USERNS);
    is_int(answer(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0), 0,
           "with --allow-userns: namespaces");
    is_int(answer(SYS_mount, 0, 0, 0, 0), 0, "mounts in them");
    is_int(answer(SYS_bpf, 0, 0, 0, 0), EPERM, "and nothing else");
}

static void without_namespaces(void)
{
    compile(0);
    is_int(answer(SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0), 0, "with namespaces: local sockets");
    is_int(answer(SYS_truncate, 0, 0, 0, 0), 0, "and files cut short by name");
    compile(SECCOMP_NO_NAMESPACES);
    is_int(answer(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0), EAFNOSUPPORT,
           "without: none");
    is_int(answer(SYS_socket, AF_INET, SOCK_STREAM, 0, 0), 0, "the Internet all the same");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0), 0, "a pair");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, 0), 0, "of packets");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, 0), EAFNOSUPPORT,
           "but not one that can send to any path");
    is_int(answer(SYS_socketpair, AF_UNIX, SOCK_RAW, 0, 0), EAFNOSUPPORT,
           "by its other name neither");
    is_int(answer(SYS_shmget, 0, 0, 0, 0), EPERM, "nor others' memory");
    is_int(answer(SYS_truncate, 0, 0, 0, 0), 0, "Landlock sees truncation");
    compile(SECCOMP_NO_NAMESPACES | SECCOMP_NO_TRUNCATE);
    is_int(answer(SYS_truncate, 0, 0, 0, 0), EPERM, "or the filter forbids it");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY | O_TRUNC, 0), EPERM, "by opening, too");
    is_int(answer(SYS_openat, 0, 0, O_WRONLY | O_TRUNC | O_CREAT, 0644), 0,
           "not where Landlock sees that it is written");
    is_int(answer(SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC, 0), 0, "nor reading");
}

/* 0 where the kernel does the same. */
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

/* A block must not run on into the next one, where an argument would be taken for a call's
 * number. */
static void an_argument_is_not_taken_for_a_number(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool open = true;

    compile(0);
    for (size_t i = 0; i < rows; i++) {
        open = open && answer(SYS_ioctl, 0, table[i].nr, 0, 0) == 0;
    }
    ok(open, "an ioctl whose number is that of a refused call is open");
}

/* What the kernel itself lists. */
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
    every_row();
    the_rest();
    arguments();
    without_namespaces();
    user_namespaces();
    an_argument_is_not_taken_for_a_number();
    if (is_listed()) {
        ok(seccomp_is_available(), "it is available where the kernel lists it");
    }
    if (!seccomp_is_available()) {
        ok(true, "the kernel's # SKIP no seccomp here");
        return done_testing();
    }
    is_int(in_child(in_kernel), 0, "the kernel says the same");
    is_int(in_child(in_kernel_that_refuses), 0, "a filter that cannot be set is an error");
    return done_testing();
}
