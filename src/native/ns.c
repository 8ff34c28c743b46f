/* SPDX-License-Identifier: MIT */
#include "native/ns.h"

#include "base/fd.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAP_SIZE = 64 };

static bool is_forbidden(int errnum)
{
    /* EINVAL: built without user namespaces; ENOSPC: max_user_namespaces is 0, or all are in use; EUSERS: nested too deep */
    return errnum == EPERM || errnum == EACCES || errnum == EINVAL || errnum == ENOSPC ||
           errnum == EUSERS || errnum == ENOSYS;
}

pid_t ns_fork(bool own_network, struct err *e)
{
    const unsigned long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                                CLONE_NEWUTS | CLONE_NEWCGROUP | SIGCHLD |
                                (own_network ? CLONE_NEWNET : 0UL);
    /* With no stack of its own the child goes on with a copy of this one: the order of the rest does not matter. */
    pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);

    if (pid < 0) {
        int failed = errno;

        (void)err_sys(e, "new namespaces");
        e->kind = is_forbidden(failed) ? ERR_REFUSED : e->kind;
    }
    return pid;
}

static int write_map(const char *path, const char *text, struct err *e)
{
    int fd = file_open(path, O_WRONLY, 0, e);
    int rc = -1;

    if (fd < 0) {
        return -1;
    }
    /* The kernel takes the whole of it in one write, or nothing. */
    if (fd_write(fd, text, strlen(text)) == (ssize_t)strlen(text)) {
        rc = 0;
    } else {
        int failed = errno;

        (void)err_sys(e, "%s", path);
        e->kind = is_forbidden(failed) ? ERR_REFUSED : e->kind;
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
        return err_sys(e, "localhost");
    }
    if (ioctl(fd, SIOCGIFFLAGS, &request) < 0) {
        rc = err_sys(e, "localhost");
    } else {
        request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
        if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) {
            rc = err_sys(e, "localhost");
        }
    }
    fd_close(&fd);
    return rc;
}
