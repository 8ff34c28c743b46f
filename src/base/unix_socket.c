/* SPDX-License-Identifier: MIT */
#include "base/unix_socket.h"

#include "base/fd.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 16 };

/* Room for the control message with the descriptors, aligned as cmsg(3) requires. */
union control {
    struct cmsghdr head;
    char room[CMSG_SPACE(UNIX_SOCKET_FDS_MAX * sizeof(int))];
};

int unix_socket_address(const char *path, struct sockaddr_un *addr, int *dir, struct err *e)
{
    struct arena a = {0};
    int n;

    *dir = -1;
    *addr = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) < sizeof(addr->sun_path)) {
        memcpy(addr->sun_path, path, strlen(path) + 1);
        return 0;
    }
    *dir = openat(AT_FDCWD, path_dir(&a, path), O_PATH | O_DIRECTORY | O_CLOEXEC);
    arena_release(&a);
    if (*dir < 0) {
        return err_sys(e, "open the socket's directory");
    }
    n = snprintf(addr->sun_path, sizeof(addr->sun_path), "/proc/self/fd/%d/%s", *dir,
                 path_base(path));
    if (n < 0 || (size_t)n >= sizeof(addr->sun_path)) {
        fd_close(dir);
        errno = ENAMETOOLONG;
        return err_sys(e, "name of the socket");
    }
    return 0;
}

static int new_socket(struct err *e)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    return fd < 0 ? err_sys(e, "socket") : fd;
}

int unix_socket_listen(const char *path, mode_t mode, struct err *e)
{
    struct sockaddr_un addr;
    int dir = -1;
    int fd = new_socket(e);
    bool bound = false;
    bool listens = false;

    if (fd < 0 || unix_socket_address(path, &addr, &dir, e) < 0) {
        goto out;
    }
    bound = bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0;
    listens = bound && chmod(path, mode) == 0 && listen(fd, BACKLOG) == 0;
    if (!listens) {
        (void)err_sys(e, bound ? "listen" : "bind");
    }
out:
    if (!listens) {
        if (bound) {
            (void)unlink(path);
        }
        fd_close(&fd);
        (void)err_wrap(e, "%s", path);
    }
    fd_close(&dir);
    return fd;
}

int unix_socket_connect(const char *path, struct err *e)
{
    struct sockaddr_un addr;
    int dir = -1;
    int fd = new_socket(e);
    int rc = -1;

    if (fd >= 0 && unix_socket_address(path, &addr, &dir, e) == 0) {
        do {
            rc = connect(fd, (const struct sockaddr *)&addr, sizeof(addr));
        } while (rc < 0 && errno == EINTR);
        if (rc < 0) {
            (void)err_sys(e, "connect");
        }
    }
    fd_close(&dir);
    if (rc < 0) {
        fd_close(&fd);
        return err_wrap(e, "%s", path);
    }
    return fd;
}

bool unix_socket_is_live(const char *path)
{
    struct err ignored = {0};
    int fd = unix_socket_connect(path, &ignored);
    const bool live = fd >= 0;

    fd_close(&fd);
    return live;
}

int unix_socket_accept(int listener, struct err *e)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    /* ECONNABORTED: the peer has closed the connection before it was accepted. */
    if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        (void)err_sys(e, "accept");
    }
    return fd;
}

static bool peer_of(int fd, struct ucred *who)
{
    socklen_t len = sizeof(*who);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &len) == 0;
}

bool unix_socket_peer_is(int fd, uid_t uid)
{
    struct ucred who;

    return peer_of(fd, &who) && who.uid == uid;
}

pid_t unix_socket_peer_pid(int fd)
{
    struct ucred who;

    return peer_of(fd, &who) ? who.pid : 0;
}

int unix_socket_send(int fd, const void *p, size_t len, const int *fds, size_t count,
                     struct err *e)
{
    char *copy = NULL;
    struct iovec iov = {.iov_len = len};
    union control control = {.room = {0}};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
    ssize_t sent;

    memcpy(&copy, &p, sizeof(copy)); /* iov_base is not const, but sendmsg(2) only reads */
    iov.iov_base = copy;
    if (count > 0) {
        struct cmsghdr *head;

        msg.msg_control = control.room;
        msg.msg_controllen = (__typeof__(msg.msg_controllen))CMSG_SPACE(count * sizeof(int));
        head = &control.head; /* the first and only control message */
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = (__typeof__(head->cmsg_len))CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(head), fds, count * sizeof(int));
    }
    for (;;) {
        sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
        if (sent >= 0) {
            break;
        }
        struct pollfd wait = {.fd = fd, .events = POLLOUT};

        if (errno == EAGAIN) {
            (void)poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return err_sys(e, "send");
        }
    }
    if ((size_t)sent < len) {
        return fd_write_all(fd, copy + sent, len - (size_t)sent, e);
    }
    return 0;
}

/* Stores the received descriptors in unused members of `fds` and closes the others. */
static void take_fds(struct cmsghdr *head, int *fds)
{
    size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const unsigned char *at = CMSG_DATA(head);
    size_t next = 0;

    for (size_t i = 0; i < count; i++) {
        int fd = -1;

        memcpy(&fd, at + i * sizeof(int), sizeof(int));
        while (next < UNIX_SOCKET_FDS_MAX && fds[next] >= 0) {
            next++;
        }
        if (next < UNIX_SOCKET_FDS_MAX) {
            fds[next] = fd;
        } else {
            fd_close(&fd);
        }
    }
}

ssize_t unix_socket_recv(int fd, void *p, size_t len, int *fds)
{
    struct iovec iov = {.iov_base = p, .iov_len = len};
    union control control = {.room = {0}};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control.room,
                         .msg_controllen = sizeof(control.room)};
    struct cmsghdr *head;
    ssize_t got;

    do {
        got = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return -1;
    }
    /* No socket option requests other control messages, so there is at most one. */
    head = CMSG_FIRSTHDR(&msg);
    if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
        take_fds(head, fds);
    }
    return got;
}
