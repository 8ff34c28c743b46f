/* SPDX-License-Identifier: MIT */
/* Tests the table of refused calls with a second list of their numbers for each architecture,
 * which comes from the kernel and not from libc's headers. */
#include "confine/seccomp.h"

#include "child.h"
#include "tap.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NONE = -1, LAST_KNOWN = 469 /* file_setattr, Linux 6.17 */ };

/* From the kernel's tables: syscall_64.tbl of x86, and the generic table, which AArch64 uses.
 */
static const struct call {
    const char *name;
    int x86_64, aarch64;
} calls[] = {
    {"_sysctl", 156, NONE},
    {"acct", 163, 89},
    {"add_key", 248, 217},
    {"bpf", 321, 280},
    {"chmod", 90, NONE},
    {"chroot", 161, 51},
    {"clock_settime", 227, 112},
    {"clone", 56, 220},
    {"clone3", 435, 435},
    {"creat", 85, NONE},
    {"create_module", 174, NONE},
    {"delete_module", 176, 106},
    {"fanotify_init", 300, 262},
    {"fchmod", 91, 52},
    {"fchmodat", 268, 53},
    {"fchmodat2", 452, 452},
    {"finit_module", 313, 273},
    {"fsconfig", 431, 431},
    {"fsmount", 432, 432},
    {"fsopen", 430, 430},
    {"fspick", 433, 433},
    {"get_kernel_syms", 177, NONE},
    {"init_module", 175, 105},
    {"io_uring_enter", 426, 426},
    {"io_uring_register", 427, 427},
    {"io_uring_setup", 425, 425},
    {"ioctl", 16, 29},
    {"ioperm", 173, NONE},
    {"iopl", 172, NONE},
    {"ioprio_set", 251, 30},
    {"kexec_file_load", 320, 294},
    {"kexec_load", 246, 104},
    {"keyctl", 250, 219},
    {"lookup_dcookie", 212, 18},
    {"migrate_pages", 256, 238},
    {"mknod", 133, NONE},
    {"mknodat", 259, 33},
    {"modify_ldt", 154, NONE},
    {"mount", 165, 40},
    {"mount_setattr", 442, 442},
    {"move_mount", 429, 429},
    {"move_pages", 279, 239},
    {"mq_open", 240, 180},
    {"mq_unlink", 241, 181},
    {"msgctl", 71, 187},
    {"msgget", 68, 186},
    {"msgrcv", 70, 188},
    {"msgsnd", 69, 189},
    {"nfsservctl", 180, 42},
    {"open", 2, NONE},
    {"open_by_handle_at", 304, 265},
    {"open_tree", 428, 428},
    {"open_tree_attr", 467, 467},
    {"openat", 257, 56},
    {"openat2", 437, 437},
    {"perf_event_open", 298, 241},
    {"personality", 135, 92},
    {"pidfd_getfd", 438, 438},
    {"pivot_root", 155, 41},
    {"prlimit64", 302, 261},
    {"query_module", 178, NONE},
    {"quotactl", 179, 60},
    {"quotactl_fd", 443, 443},
    {"reboot", 169, 142},
    {"request_key", 249, 218},
    {"sched_setaffinity", 203, 122},
    {"sched_setattr", 314, 274},
    {"sched_setparam", 142, 118},
    {"sched_setscheduler", 144, 119},
    {"semctl", 66, 191},
    {"semget", 64, 190},
    {"semop", 65, 193},
    {"semtimedop", 220, 192},
    {"setdomainname", 171, 162},
    {"sethostname", 170, 161},
    {"setns", 308, 268},
    {"setpriority", 141, 140},
    {"settimeofday", 164, 170},
    {"shmat", 30, 196},
    {"shmctl", 31, 195},
    {"shmget", 29, 194},
    {"socket", 41, 198},
    {"socketpair", 53, 199},
    {"swapoff", 168, 225},
    {"swapon", 167, 224},
    {"sysfs", 139, NONE},
    {"syslog", 103, 116},
    {"truncate", 76, 45},
    {"umount2", 166, 39},
    {"unshare", 272, 97},
    {"uselib", 134, NONE},
    {"userfaultfd", 323, 282},
    {"ustat", 136, NONE},
    {"vhangup", 153, 58},
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static int number_of(const struct call *c)
{
    return seccomp_arch() == AUDIT_ARCH_X86_64 ? c->x86_64 : c->aarch64;
}

/* Returns true if the row is about this call. A row is named like "SYS_add_key", "NR_OPENAT2"
 * or "ioctl IOC_STI". */
static bool is_named(const struct seccomp_rule *r, const char *call)
{
    const char *name = r->name;
    size_t len;

    name += strncmp(name, "SYS_", 4) == 0 ? 4 : strncmp(name, "NR_", 3) == 0 ? 3 : 0;
    len = strcspn(name, " ");
    for (size_t i = 0; i < len; i++) {
        if (tolower((unsigned char)name[i]) != call[i]) {
            return false;
        }
    }
    return call[len] == '\0';
}

static void rows_have_the_right_numbers(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool met[CALLS] = {false};
    bool right = true;

    for (size_t i = 0; i < rows; i++) {
        bool known = false;

        for (size_t j = 0; j < CALLS; j++) {
            if (is_named(&table[i], calls[j].name)) {
                known = (int)table[i].nr == number_of(&calls[j]);
                met[j] = true;
            }
        }
        if (!known) {
            ok(false, "%s has number %u here", table[i].name, table[i].nr);
            right = false;
        }
    }
    ok(right, "every row has the number of the call that it names");
    for (size_t j = 0; j < CALLS; j++) {
        if (met[j] != (number_of(&calls[j]) != NONE)) {
            ok(false, "%s: %s", calls[j].name,
               met[j] ? "this architecture does not have the call" : "the call has no row");
            right = false;
        }
    }
    ok(right, "every call of this list has a row");
    is_int(seccomp_last_nr(), LAST_KNOWN, "calls after file_setattr are refused as unknown");
}

/* Compares the arguments that the rows examine with a second list, taken from the manual pages
 * of the calls. */
static void rows_look_at_the_right_arguments(void)
{
    enum { FIRST = 1, SECOND = 2, THIRD = 4, FOURTH = 8 };
    static const struct {
        const char *name;
        unsigned arguments; /* bits */
        uint32_t bits;      /* of the values of all its rows */
    } wanted[] = {
        {"chmod", SECOND, S_ISUID},   /* mode */
        {"clone", FIRST, 0x7e020000}, /* flags */
        {"creat", SECOND, S_ISUID},
        {"fchmod", SECOND, S_ISUID},
        {"fchmodat", THIRD, S_ISUID},
        {"fchmodat2", THIRD, S_ISUID},
        {"ioctl", SECOND, 0x5412 | 0x541c | 0x541d | 0x5423}, /* request */
        {"ioprio_set", SECOND, UINT32_MAX},                   /* who */
        {"mknod", SECOND, S_IFCHR | S_IFBLK | S_ISUID},       /* mode */
        {"mknodat", THIRD, S_IFCHR | S_IFBLK | S_ISUID},      /* mode */
        {"open", SECOND | THIRD, O_TRUNC | S_ISUID},          /* flags, mode */
        {"openat", THIRD | FOURTH, O_TRUNC | S_ISUID},        /* flags, mode */
        {"personality", FIRST, 0},
        {"prlimit64", FIRST, UINT32_MAX}, /* pid */
        {"sched_setaffinity", FIRST, UINT32_MAX},
        {"sched_setattr", FIRST, UINT32_MAX},
        {"sched_setparam", FIRST, UINT32_MAX},
        {"sched_setscheduler", FIRST, UINT32_MAX},
        {"setpriority", FIRST | SECOND, UINT32_MAX}, /* which, who */
        {"socket", FIRST, AF_UNIX},                  /* domain */
        {"socketpair", FIRST | SECOND, SOCK_DGRAM},  /* domain, type */
        {"unshare", FIRST, 0x7e020000 | 0x80},       /* flags */
    };
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);

    for (size_t i = 0; i < CALLS; i++) {
        unsigned got = 0;
        unsigned want = 0;
        uint32_t got_bits = 0;
        uint32_t want_bits = 0;

        for (size_t j = 0; j < rows; j++) {
            if (is_named(&table[j], calls[i].name) && table[j].test != SECCOMP_ALWAYS) {
                got |= 1U << table[j].arg;
                got_bits |= table[j].value;
            }
        }
        for (size_t j = 0; j < sizeof(wanted) / sizeof(wanted[0]); j++) {
            if (strcmp(wanted[j].name, calls[i].name) == 0 && number_of(&calls[i]) != NONE) {
                want = wanted[j].arguments;
                want_bits = wanted[j].bits;
            }
        }
        is_int(got, want, calls[i].name);
        is_int(got_bits, want_bits, calls[i].name);
    }
}

static bool is_same_rule(const struct seccomp_rule *a, const struct seccomp_rule *b)
{
    return a->nr == b->nr && a->test == b->test && a->arg == b->arg && a->value == b->value &&
           a->flags == b->flags && a->list == b->list && a->unless == b->unless &&
           a->only == b->only;
}

/* Every row must be able to have an effect: the rows of a call apply in order, so a row after
 * one with SECCOMP_ALWAYS has none. The number of an argument is below six. */
static void rows_make_sense(void)
{
    size_t rows = 0;
    const struct seccomp_rule *table = seccomp_rules(&rows);
    bool sane = true;

    for (size_t i = 0; i < rows; i++) {
        const struct seccomp_rule *r = &table[i];

        sane = sane && r->arg < 6 && r->errnum > 0 && r->errnum < 4096 &&
               (r->test != SECCOMP_NOT_IN || r->list_count > 0) &&
               (r->flags == 0 || r->arg > 0) && (r->unless == 0 || r->only == 0);
        for (size_t j = 0; j < i; j++) {
            if (table[j].nr == r->nr && table[j].test == SECCOMP_ALWAYS &&
                table[j].unless == 0 && table[j].only == 0) {
                ok(false, "%s: a row comes after a row that always applies", r->name);
                sane = false;
            }
            if (is_same_rule(&table[j], r)) {
                ok(false, "%s: two rows are equal", r->name);
                sane = false;
            }
        }
    }
    ok(sane, "every row is valid and can have an effect");
}

/* For in_child(): sets the filter and tries calls that are newer than the table. The arguments
 * are invalid, so that a call does nothing if the kernel has it. */
static int newer_calls_do_not_exist(void)
{
    struct err e = {0};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || seccomp_apply(0, &e) < 0) {
        return 1;
    }
    for (long nr = (long)seccomp_last_nr() + 1; nr < 1024; nr++) {
        if (syscall(nr, -1, -1, -1, -1, -1, -1) != -1 || errno != ENOSYS) {
            return 2;
        }
    }
    return 0;
}

int main(void)
{
    rows_have_the_right_numbers();
    rows_make_sense();
    rows_look_at_the_right_arguments();
    if (!seccomp_is_available()) {
        ok(true, "calls newer than the table # SKIP this kernel has no seccomp");
        return done_testing();
    }
    is_int(in_child(newer_calls_do_not_exist), 0,
           "calls newer than the table fail with ENOSYS");
    return done_testing();
}
