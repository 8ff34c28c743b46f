/* SPDX-License-Identifier: MIT */
#include "confine/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* From 424 on the numbers are the same on all architectures. libc's own list may be older. */
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

enum { TMPFILE_BIT = 020000000 }; /* of O_TMPFILE */

enum {
    NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                 CLONE_NEWUTS | CLONE_NEWCGROUP,
    NEW_TIME_NS =
        0x80, /* CLONE_NEWTIME of unshare(2); in clone(2) these bits are the exit signal */
    MAKES = O_CREAT | TMPFILE_BIT
};

/* Of ioctl(2); the same on both architectures. */
enum { IOC_STI = 0x5412, IOC_LINUX = 0x541c, IOC_CONS = 0x541d, IOC_SETD = 0x5423 };

/* The families that development tools use. */
static const uint32_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

/* PER_LINUX and PER_LINUX32, UNAME26, both without address randomisation (which debuggers
 * want), and the question which it is. READ_IMPLIES_EXEC and the like only help exploits. */
static const uint32_t personalities[] = {0, 8, 0x20000, 0x20008, 0x40000, 0x40008, 0xffffffff};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* clang-format off */
#define NO(nr, errnum, why) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, errnum, 0, #nr, why, 0}
#define NO_MOUNT(nr) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, EPERM, SECCOMP_ALLOW_USERNS, #nr, "the file tree is as the plan says", 0}
#define NO_BITS(nr, arg, bits, unless, why) {nr, SECCOMP_ANY_BITS, arg, bits, 0, NULL, 0, EPERM, unless, #nr, why, 0}
#define NO_TYPE(nr, arg, type) {nr, SECCOMP_TYPE_IS, arg, type, 0, NULL, 0, EPERM, 0, #nr, "a device node gives what its device gives", 0}
#define NO_IOCTL(number, why) {SYS_ioctl, SECCOMP_LOW_IS, 1, number, 0, NULL, 0, EPERM, 0, "ioctl " #number, why, 0}
#define ONLY(nr, list, errnum, why) {nr, SECCOMP_NOT_IN, 0, 0, 0, list, COUNT(list), errnum, 0, #nr, why, 0}
#define W_LOCAL "a server at a path of the host (the session bus, an engine, agents) obeys any client of the user"
#define W_IPC "without a namespace it reaches what other programs share by number"
#define W_TRUNCATE "Landlock before ABI 3 lets it truncate any file of the user"
#define W_OTHERS "without a namespace it reaches the user's other processes"
#define LANDLOCK_ONLY(nr, test, arg, value, errnum, why) {nr, test, arg, value, 0, NULL, 0, errnum, 0, #nr, why, SECCOMP_NO_NAMESPACES}
#define NO_IPC(nr) {nr, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, EPERM, 0, #nr, W_IPC, SECCOMP_NO_NAMESPACES}
#define NO_OTHERS(nr, arg) {nr, SECCOMP_ANY_BITS, arg, UINT32_MAX, 0, NULL, 0, EPERM, 0, #nr, W_OTHERS, SECCOMP_NO_NAMESPACES}
#define NO_CUTTING(nr, test, arg, value) {nr, test, arg, value, 0, NULL, 0, EPERM, 0, #nr, W_TRUNCATE, SECCOMP_NO_TRUNCATE}
#define W_SETUID "the project may be on a mount on which setuid files work outside"
#define NO_SETUID(nr, arg) {nr, SECCOMP_ANY_BITS, arg, S_ISUID, 0, NULL, 0, EPERM, 0, #nr, W_SETUID, 0}
#define NO_SETUID_MADE(nr, arg) {nr, SECCOMP_ANY_BITS, arg, S_ISUID, MAKES, NULL, 0, EPERM, 0, #nr, W_SETUID, 0}

static const struct seccomp_rule rules[] = {
    NO(SYS_add_key, EPERM, "keyrings belong to no namespace: other sessions' keys are in them"),
    NO(SYS_request_key, EPERM, "the same; and starts a program of the host's as root"),
    NO(SYS_keyctl, EPERM, "the same; a long list of kernel faults besides"),
    NO(SYS_bpf, EPERM, "programs in the kernel: the verifier is the part that is broken most often"),
    NO(SYS_perf_event_open, EPERM, "measures other processes; a long list of kernel faults"),
    NO(SYS_userfaultfd, EPERM, "stops the kernel at a page fault for as long as an exploit needs"),
    NO(NR_IO_URING_SETUP, ENOSYS, "does its calls where no filter sees them; young and often broken"),
    NO(NR_IO_URING_ENTER, ENOSYS, "the same"),
    NO(NR_IO_URING_REGISTER, ENOSYS, "the same"),
    NO(SYS_kexec_load, EPERM, "starts another kernel"),
#ifdef SYS_kexec_file_load
    NO(SYS_kexec_file_load, EPERM, "the same"),
#endif
    NO(SYS_init_module, EPERM, "code in the kernel"),
    NO(SYS_finit_module, EPERM, "the same"),
    NO(SYS_delete_module, EPERM, "takes code out of the kernel"),
    NO(SYS_reboot, EPERM, "the machine is everybody's"),
    NO(SYS_swapon, EPERM, "the machine's memory is everybody's"),
    NO(SYS_swapoff, EPERM, "the same"),
    NO(SYS_acct, EPERM, "writes what everybody runs into a file"),
    NO(SYS_syslog, EPERM, "the kernel's messages tell where it is in memory"),
    NO(SYS_settimeofday, EPERM, "the machine's clock is everybody's"),
    NO(SYS_clock_settime, EPERM, "the same"),
    NO(SYS_sethostname, EPERM, "the sandbox has its name"),
    NO(SYS_setdomainname, EPERM, "the same"),
    NO(SYS_quotactl, EPERM, "administration of file systems"),
    NO(NR_QUOTACTL_FD, EPERM, "the same"),
    NO(SYS_nfsservctl, ENOSYS, "of no use since Linux 3.1"),
    NO(SYS_lookup_dcookie, EPERM, "of a profiler that is gone"),
    NO(SYS_open_by_handle_at, EPERM, "opens files past the tree: the way out of containers (CVE-2014-9357's kind)"),
    NO(SYS_fanotify_init, EPERM, "watches whole file systems"),
    NO(SYS_move_pages, EPERM, "moves other processes' memory"),
    NO(SYS_migrate_pages, EPERM, "the same"),
    NO(NR_PIDFD_GETFD, EPERM, "takes open files out of other processes"),
    NO(SYS_vhangup, EPERM, "hangs up a terminal that is not ours"),
    NO(NR_OPENAT2, ENOSYS, "its mode is in memory, where no filter sees it (setuid files); programs take openat"),
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
            "a new namespace is a full set of capabilities over the kernel's least tried code"),
    NO_BITS(SYS_clone, 0, NAMESPACES, SECCOMP_ALLOW_USERNS, "the same"),
    {NR_CLONE3, SECCOMP_ALWAYS, 0, 0, 0, NULL, 0, ENOSYS, SECCOMP_ALLOW_USERNS, "NR_CLONE3",
     "its flags are in memory, where no filter sees them; libc takes clone", 0},
    NO_IOCTL(IOC_STI, "types into the terminal as if the user did"),
    NO_IOCTL(IOC_LINUX, "the console's own way to do so"),
    NO_IOCTL(IOC_CONS, "takes the console's output away"),
    NO_IOCTL(IOC_SETD, "loads line disciplines, old code that nobody looks at"),
    LANDLOCK_ONLY(SYS_socket, SECCOMP_LOW_IS, 0, AF_UNIX, EAFNOSUPPORT, W_LOCAL),
    LANDLOCK_ONLY(SYS_socketpair, SECCOMP_ANY_BITS, 1, SOCK_DGRAM, EAFNOSUPPORT, "one of datagrams sends to any path; " W_LOCAL),
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
         "other families reach the hypervisor (vsock), devices (packet, bluetooth, can), old code"),
    ONLY(SYS_socketpair, families, EAFNOSUPPORT, "the same"),
    ONLY(SYS_personality, personalities, EPERM, "ways of old systems that weaken a program's memory"),
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
    NO(SYS_iopl, EPERM, "the processor's ports"),
    NO(SYS_ioperm, EPERM, "the same"),
    NO(SYS_modify_ldt, ENOSYS, "segments for programs of 16 bits; a long list of kernel faults"),
    NO(SYS_uselib, ENOSYS, "of no use since libc 5"),
    NO(SYS_ustat, ENOSYS, "of no use since statfs"),
    NO(SYS_sysfs, ENOSYS, "of no use since /proc/filesystems"),
    NO(SYS__sysctl, ENOSYS, "of no use since /proc/sys"),
    NO(SYS_create_module, ENOSYS, "of no use since Linux 2.6"),
    NO(SYS_get_kernel_syms, ENOSYS, "the same"),
    NO(SYS_query_module, ENOSYS, "the same"),
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
