/* SPDX-License-Identifier: MIT */
#include "confine/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The numbers of system calls that libc's own list may not have yet. From 424 on they are the
 * same on all architectures. */
enum {
    LAST_NR = 469, /* file_setattr, Linux 6.17 */
    NR_IO_URING_SETUP = 425,
    NR_IO_URING_ENTER = 426,
    NR_IO_URING_REGISTER = 427,
    NR_OPEN_TREE = 428,
    NR_MOVE_MOUNT = 429,
    NR_FSOPEN = 430,
    NR_FSCONFIG = 431,
    NR_FSMOUNT = 432,
    NR_FSPICK = 433,
    NR_CLONE3 = 435,
    NR_OPENAT2 = 437,
    NR_PIDFD_GETFD = 438,
    NR_MOUNT_SETATTR = 442,
    NR_QUOTACTL_FD = 443,
    NR_FCHMODAT2 = 452,
    NR_OPEN_TREE_ATTR = 467
};

enum { TMPFILE_BIT = 020000000 }; /* the bit of O_TMPFILE that no other flag contains */

enum {
    NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                 CLONE_NEWUTS | CLONE_NEWCGROUP,
    /* CLONE_NEWTIME of unshare(2). In clone(2) this bit is a part of the exit signal. */
    NEW_TIME_NS = 0x80,
    MAKES = O_CREAT | TMPFILE_BIT /* the flags with which open(2) uses its mode argument */
};

/* Requests of ioctl(2): TIOCSTI, TIOCLINUX, TIOCCONS and TIOCSETD. They are the same on both
 * architectures. */
enum { IOC_STI = 0x5412, IOC_LINUX = 0x541c, IOC_CONS = 0x541d, IOC_SETD = 0x5423 };

/* The address families that development tools use. */
static const uint32_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

/* The allowed arguments of personality(2): PER_LINUX and PER_LINUX32; each of them with
 * UNAME26, or with ADDR_NO_RANDOMIZE, which debuggers use; and 0xffffffff, which only returns
 * the current value. The others, such as READ_IMPLIES_EXEC, only help exploits. */
static const uint32_t personalities[] = {0, 8, 0x20000, 0x20008, 0x40000, 0x40008, 0xffffffff};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* clang-format off */
#define NO(nr, errnum, why) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, errnum, 0, #nr, why, 0}
#define NO_MOUNT(nr) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, EPERM, SECCOMP_ALLOW_USERNS, #nr, "the file tree must stay as the plan says", 0}
#define NO_BITS(nr, arg, bits, unless, why) {nr, SECCOMP_ANY_BITS, arg, bits, 0, NULL, 0, EPERM, unless, #nr, why, 0}
#define NO_TYPE(nr, arg, type) {nr, SECCOMP_TYPE_IS, arg, type, 0, NULL, 0, EPERM, 0, #nr, "a device node gives access to its device", 0}
#define NO_IOCTL(number, why) {SYS_ioctl, SECCOMP_LOW_IS, 1, number, 0, NULL, 0, EPERM, 0, "ioctl " #number, why, 0}
#define ONLY(nr, list, errnum, why) {nr, SECCOMP_NOT_IN, 0, 0, 0, list, COUNT(list), errnum, 0, #nr, why, 0}
#define W_LOCAL "a server at a path of the host (the session bus, an engine, agents) obeys any client of the user"
#define W_IPC "without namespaces it reaches, by number, what other programs share"
#define W_TRUNCATE "Landlock before ABI 3 allows it to truncate any file of the user"
#define W_OTHERS "without namespaces it reaches the user's other processes"
#define LANDLOCK_ONLY(nr, test, arg, value, errnum, why) {nr, test, arg, value, 0, NULL, 0, errnum, 0, #nr, why, SECCOMP_NO_NAMESPACES}
#define NO_IPC(nr) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, EPERM, 0, #nr, W_IPC, SECCOMP_NO_NAMESPACES}
#define NO_OTHERS(nr, arg) {nr, SECCOMP_ANY_BITS, arg, UINT32_MAX, 0, NULL, 0, EPERM, 0, #nr, W_OTHERS, SECCOMP_NO_NAMESPACES}
#define NO_CUTTING(nr, test, arg, value) {nr, test, arg, value, 0, NULL, 0, EPERM, 0, #nr, W_TRUNCATE, SECCOMP_NO_TRUNCATE}
#define W_SETUID "a setuid file in the project could work outside of the sandbox, if its mount allows that"
#define NO_SETUID(nr, arg) {nr, SECCOMP_ANY_BITS, arg, S_ISUID, 0, NULL, 0, EPERM, 0, #nr, W_SETUID, 0}
#define NO_SETUID_MADE(nr, arg) {nr, SECCOMP_ANY_BITS, arg, S_ISUID, MAKES, NULL, 0, EPERM, 0, #nr, W_SETUID, 0}

static const struct seccomp_rule rules[] = {
    NO(SYS_add_key, EPERM, "keyrings belong to no namespace: the keys of other sessions are in them"),
    NO(SYS_request_key, EPERM, "keyrings belong to no namespace; the kernel may also start a program of the host as root"),
    NO(SYS_keyctl, EPERM, "keyrings belong to no namespace; its code has had many vulnerabilities"),
    NO(SYS_bpf, EPERM, "runs programs in the kernel; the verifier that checks them has had many vulnerabilities"),
    NO(SYS_perf_event_open, EPERM, "measures other processes; its code has had many vulnerabilities"),
    NO(SYS_userfaultfd, EPERM, "lets a program stop the kernel at a page fault for as long as an exploit needs"),
    NO(NR_IO_URING_SETUP, ENOSYS, "makes system calls that no filter sees; its code is young and has had many vulnerabilities"),
    NO(NR_IO_URING_ENTER, ENOSYS, "makes system calls that no filter sees"),
    NO(NR_IO_URING_REGISTER, ENOSYS, "prepares system calls that no filter sees"),
    NO(SYS_kexec_load, EPERM, "loads another kernel"),
#ifdef SYS_kexec_file_load
    NO(SYS_kexec_file_load, EPERM, "loads another kernel"),
#endif
    NO(SYS_init_module, EPERM, "loads code into the kernel"),
    NO(SYS_finit_module, EPERM, "loads code into the kernel"),
    NO(SYS_delete_module, EPERM, "removes code from the kernel"),
    NO(SYS_reboot, EPERM, "affects the whole machine"),
    NO(SYS_swapon, EPERM, "affects the memory of the whole machine"),
    NO(SYS_swapoff, EPERM, "affects the memory of the whole machine"),
    NO(SYS_acct, EPERM, "records in a file which programs all users run"),
    NO(SYS_syslog, EPERM, "the kernel's messages show where the kernel is in memory"),
    NO(SYS_settimeofday, EPERM, "affects the clock of the whole machine"),
    NO(SYS_clock_settime, EPERM, "affects the clock of the whole machine"),
    NO(SYS_sethostname, EPERM, "the sandbox keeps the host name that cco gave it"),
    NO(SYS_setdomainname, EPERM, "the sandbox keeps the names that cco gave it"),
    NO(SYS_quotactl, EPERM, "administers file systems"),
    NO(NR_QUOTACTL_FD, EPERM, "administers file systems"),
    NO(SYS_nfsservctl, ENOSYS, "unused since Linux 3.1"),
    NO(SYS_lookup_dcookie, EPERM, "only for a profiler that no longer exists"),
    NO(SYS_open_by_handle_at, EPERM, "opens files outside of the sandbox's tree: the cause of an old breakout from containers (\"shocker\", 2014)"),
    NO(SYS_fanotify_init, EPERM, "watches whole file systems"),
    NO(SYS_move_pages, EPERM, "moves the memory of other processes"),
    NO(SYS_migrate_pages, EPERM, "moves the memory of other processes"),
    NO(NR_PIDFD_GETFD, EPERM, "takes open files from other processes"),
    NO(SYS_vhangup, EPERM, "hangs up a terminal that may not be the sandbox's"),
    NO(NR_OPENAT2, ENOSYS, "its mode is in memory, where no filter sees that a file becomes setuid; programs fall back to openat"),
    NO_MOUNT(SYS_mount),
    NO_MOUNT(SYS_umount2),
    NO_MOUNT(SYS_pivot_root),
    NO_MOUNT(SYS_chroot),
    NO_MOUNT(NR_OPEN_TREE),
    NO_MOUNT(NR_OPEN_TREE_ATTR),
    NO_MOUNT(NR_MOVE_MOUNT),
    NO_MOUNT(NR_FSOPEN),
    NO_MOUNT(NR_FSCONFIG),
    NO_MOUNT(NR_FSMOUNT),
    NO_MOUNT(NR_FSPICK),
    NO_MOUNT(NR_MOUNT_SETATTR),
    NO_MOUNT(SYS_setns),
    NO_BITS(SYS_unshare, 0, NAMESPACES | NEW_TIME_NS, SECCOMP_ALLOW_USERNS,
            "a new namespace gives every capability over the kernel's least tested code"),
    NO_BITS(SYS_clone, 0, NAMESPACES, SECCOMP_ALLOW_USERNS, "a new namespace gives every capability over the kernel's least tested code"),
    {NR_CLONE3, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, ENOSYS, SECCOMP_ALLOW_USERNS, "NR_CLONE3",
     "its flags are in memory, where no filter sees them; libc falls back to clone", 0},
    NO_IOCTL(IOC_STI, "types into the terminal as if the user did it"),
    NO_IOCTL(IOC_LINUX, "types into a console as if the user did it"),
    NO_IOCTL(IOC_CONS, "redirects the output of the console"),
    NO_IOCTL(IOC_SETD, "loads line disciplines, which are old and little-tested code"),
    LANDLOCK_ONLY(SYS_socket, SECCOMP_LOW_IS, 0, AF_UNIX, EAFNOSUPPORT, W_LOCAL),
    LANDLOCK_ONLY(SYS_socketpair, SECCOMP_ANY_BITS, 1, SOCK_DGRAM, EAFNOSUPPORT, "a datagram socket of a pair can send to any path; " W_LOCAL),
    NO_IPC(SYS_shmget),
    NO_IPC(SYS_shmat),
    NO_IPC(SYS_shmctl),
    NO_IPC(SYS_semget),
    NO_IPC(SYS_semctl),
    NO_IPC(SYS_semop),
    NO_IPC(SYS_semtimedop),
    NO_IPC(SYS_msgget),
    NO_IPC(SYS_msgctl),
    NO_IPC(SYS_msgsnd),
    NO_IPC(SYS_msgrcv),
    NO_IPC(SYS_mq_unlink),
    NO_OTHERS(SYS_prlimit64, 0),
    NO_OTHERS(SYS_setpriority, 0),
    NO_OTHERS(SYS_setpriority, 1),
    NO_OTHERS(SYS_ioprio_set, 1),
    NO_OTHERS(SYS_sched_setaffinity, 0),
    NO_OTHERS(SYS_sched_setscheduler, 0),
    NO_OTHERS(SYS_sched_setparam, 0),
    NO_OTHERS(SYS_sched_setattr, 0),
    NO_IPC(SYS_mq_open),
    NO_CUTTING(SYS_truncate, SECCOMP_ALWAYS, 0, 0),
    NO_CUTTING(SYS_openat, SECCOMP_OPENS_AS, 2, O_RDONLY | O_TRUNC),
    ONLY(SYS_socket, families, EAFNOSUPPORT,
         "other families reach the hypervisor (vsock), devices (packet, bluetooth, can) and old code"),
    ONLY(SYS_socketpair, families, EAFNOSUPPORT, "other families reach old code"),
    ONLY(SYS_personality, personalities, EPERM, "modes of old systems that weaken the memory protection of a program"),
    NO_TYPE(SYS_mknodat, 2, S_IFCHR),
    NO_TYPE(SYS_mknodat, 2, S_IFBLK),
    NO_SETUID(SYS_mknodat, 2),
    NO_SETUID(SYS_fchmod, 1),
    NO_SETUID(SYS_fchmodat, 2),
    NO_SETUID(NR_FCHMODAT2, 2),
    NO_SETUID_MADE(SYS_openat, 3),
#ifdef __x86_64__
    NO_TYPE(SYS_mknod, 1, S_IFCHR),
    NO_TYPE(SYS_mknod, 1, S_IFBLK),
    NO_SETUID(SYS_mknod, 1),
    NO_SETUID(SYS_chmod, 1),
    NO_SETUID_MADE(SYS_open, 2),
    NO_SETUID(SYS_creat, 1),
    NO_CUTTING(SYS_open, SECCOMP_OPENS_AS, 1, O_RDONLY | O_TRUNC),
    NO(SYS_iopl, EPERM, "gives access to the processor's I/O ports"),
    NO(SYS_ioperm, EPERM, "gives access to the processor's I/O ports"),
    NO(SYS_modify_ldt, ENOSYS, "makes segments for 16-bit programs; its code has had many vulnerabilities"),
    NO(SYS_uselib, ENOSYS, "unused since libc 5"),
    NO(SYS_ustat, ENOSYS, "replaced by statfs"),
    NO(SYS_sysfs, ENOSYS, "replaced by /proc/filesystems"),
    NO(SYS__sysctl, ENOSYS, "replaced by /proc/sys"),
    NO(SYS_create_module, ENOSYS, "unused since Linux 2.6"),
    NO(SYS_get_kernel_syms, ENOSYS, "unused since Linux 2.6"),
    NO(SYS_query_module, ENOSYS, "unused since Linux 2.6"),
#endif
};
/* clang-format on */

const struct seccomp_rule *seccomp_rules(size_t *count)
{
    *count = COUNT(rules);
    return rules;
}

unsigned seccomp_last_nr(void)
{
    return LAST_NR;
}

uint32_t seccomp_arch(void)
{
#ifdef __x86_64__
    return AUDIT_ARCH_X86_64;
#else
    return AUDIT_ARCH_AARCH64;
#endif
}
