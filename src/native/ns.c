/* SPDX-License-Identifier: MIT */
#include "native/ns.h"

#include "base/fd.h"
#include "base/file.h"
#include "native/userns_error.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAP_SIZE = 64, NR_CLONE3 = 435 };

static const uint64_t into_cgroup = 0x200000000; /* CLONE_INTO_CGROUP */

pid_t ns_fork(bool own_network, struct err *e)
{
    const unsigned long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                                CLONE_NEWUTS | CLONE_NEWCGROUP | SIGCHLD |
                                (own_network ? CLONE_NEWNET : 0UL);
    /* Without a stack argument the child uses a copy of this stack. The order of the other
     * arguments differs between architectures, but all of them are NULL. */
    pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);

    if (pid < 0) {
        (void)err_sys(e, "make namespaces");
        (void)userns_error_mark(e, USERNS_ERROR_CLONE);
    }
    return pid;
}

/* The argument of clone3(2), up to the member that CLONE_INTO_CGROUP (Linux 5.7) needs. */
struct clone_how {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
        set_tid_size, cgroup;
};

pid_t ns_fork_in(const char *group, bool own_network, bool *inside, struct err *e)
{
    int fd = file_open(group, O_RDONLY | O_DIRECTORY, 0, e);
    struct clone_how how = {
        .flags = into_cgroup | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                 CLONE_NEWUTS | (own_network ? CLONE_NEWNET : 0U),
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)fd,
    };
    pid_t pid;

    *inside = false;
    if (fd < 0) {
        return -1;
    }
    pid = (pid_t)syscall(NR_CLONE3, &how, sizeof(how));
    *inside = pid >= 0;
    fd_close(&fd);
    return pid >= 0 ? pid : ns_fork(own_network, e);
}

int ns_own_groups(struct err *e)
{
    return unshare(CLONE_NEWCGROUP) < 0 ? err_sys(e, "make a cgroup namespace") : 0;
}

static int write_map(const char *path, const char *text, struct err *e)
{
    int fd = file_open(path, O_WRONLY, 0, e);
    int rc = -1;

    if (fd < 0) {
        return userns_error_mark(e, USERNS_ERROR_MAP);
    }
    /* The kernel accepts a map only in one write. */
    if (fd_write(fd, text, strlen(text)) == (ssize_t)strlen(text)) {
        rc = 0;
    } else {
        (void)err_sys(e, "%s", path);
        (void)userns_error_mark(e, USERNS_ERROR_MAP);
    }
    fd_close(&fd);
    return rc;
}

int ns_map_self(uid_t uid, gid_t gid, struct err *e)
{
    char text[MAP_SIZE];

    if (write_map("/proc/self/setgroups", "deny", e) < 0) {
        return -1;
    }
    (void)snprintf(text, sizeof(text), "%u %u 1", uid, uid);
    if (write_map("/proc/self/uid_map", text, e) < 0) {
        return -1;
    }
    (void)snprintf(text, sizeof(text), "%u %u 1", gid, gid);
    return write_map("/proc/self/gid_map", text, e);
}

int ns_loopback(struct err *e)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int rc = 0;

    if (fd < 0) {
        return err_sys(e, "bring up the loopback device");
    }
    if (ioctl(fd, SIOCGIFFLAGS, &request) < 0) {
        rc = err_sys(e, "bring up the loopback device");
    } else {
        request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
        if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) {
            rc = err_sys(e, "bring up the loopback device");
        }
    }
    fd_close(&fd);
    return rc;
}
