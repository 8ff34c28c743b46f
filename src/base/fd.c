/* SPDX-License-Identifier: MIT */
#include "base/fd.h"

#include "base/exit_status.h"
#include "base/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NR_CLOSE_RANGE = 436 };

void fd_close(int *fd)
{
    int keep = errno;

    if (*fd >= 0) {
        (void)close(*fd); /* Linux closes the descriptor even if close(2) returns an error */
        *fd = -1;
    }
    errno = keep;
}

ssize_t fd_read(int fd, void *p, size_t len)
{
    ssize_t got;

    do {
        got = read(fd, p, len);
    } while (got < 0 && errno == EINTR);
    return got;
}

ssize_t fd_write(int fd, const void *p, size_t len)
{
    ssize_t sent;

    do {
        sent = write(fd, p, len);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

int fd_write_all(int fd, const void *p, size_t len, struct err *e)
{
    const char *at = p;

    while (len > 0) {
        ssize_t sent = fd_write(fd, at, len);

        if (sent > 0) {
            at += sent;
            len -= (size_t)sent;
            continue;
        }
        if (sent < 0 && errno != EAGAIN) {
            return err_sys(e, "write");
        }
        struct pollfd wait = {.fd = fd, .events = POLLOUT};

        if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
            return err_sys(e, "poll");
        }
    }
    return 0;
}

int fd_nonblock(int fd, struct err *e)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
        return err_sys(e, "set non-blocking");
    }
    return 0;
}

int fd_reopen(int fd, int flags)
{
    char path[64];

    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return openat(AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int fd_pipe(int fds[2], struct err *e)
{
    if (pipe2(fds, O_CLOEXEC) < 0) {
        return err_sys(e, "pipe");
    }
    return 0;
}

/* Closes the descriptors above 2, except `keep`. With `inherited_only`, closes only those that
 * are not close-on-exec. Returns 0 on success and -1 if /proc cannot be read. */
static int close_beyond(int keep, bool inherited_only)
{
    DIR *d = opendir("/proc/self/fd");
    const struct dirent *entry;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        uint64_t fd = 0;
        int flags;

        if (!str_u64(str_c(entry->d_name), 10, INT_MAX, &fd) || fd <= STDERR_FILENO ||
            (int)fd == keep || (int)fd == dirfd(d)) {
            continue;
        }
        flags = fcntl((int)fd, F_GETFD);
        if (flags >= 0 && (!inherited_only || (flags & FD_CLOEXEC) == 0)) {
            (void)close((int)fd); /* Linux closes the descriptor even after an error */
        }
    }
    return d == NULL ? -1 : closedir(d);
}

static int close_range_of(unsigned first, unsigned last)
{
    return first > last ? 0 : (int)syscall(NR_CLOSE_RANGE, first, last, 0);
}

void fd_close_inherited(void)
{
    /* An error only makes other processes wait longer for the end of such a descriptor. */
    (void)close_beyond(-1, true);
}

int fd_close_all_but(int keep)
{
    unsigned kept = keep > STDERR_FILENO ? (unsigned)keep : STDERR_FILENO;

    if (close_range_of(STDERR_FILENO + 1, kept - 1) == 0 &&
        close_range_of(kept + 1, ~0U) == 0) {
        return 0;
    }
    return close_beyond(keep, false);
}

void fd_secure_standard(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            /* open(2) returns the lowest free number, which is `fd`. */
            int null = open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);

            if (null != fd) {
                _exit(EXIT_CCO);
            }
        }
    }
}
