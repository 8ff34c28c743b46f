/* SPDX-License-Identifier: MIT */
#include "base/fd.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct err e = {0};
    int fds[2] = {-1, -1};
    int sv[2];
    int again;
    int none = -1;
    int status = 0;
    static char big[1 << 20];
    pid_t pid;

    (void)signal(SIGPIPE, SIG_IGN);
    is_int(fd_pipe(fds, &e), 0, "fd_pipe() makes a pipe");
    ok((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0 && (fcntl(fds[1], F_GETFD) & FD_CLOEXEC) != 0,
       "both ends are close-on-exec");
    errno = 5;
    fd_close(&none);
    ok(none == -1 && errno == 5, "fd_close() accepts -1 and keeps errno");
    again = fd_reopen(fds[0], O_RDONLY);
    ok(again >= 0 && (fcntl(again, F_GETFL) & O_NONBLOCK) != 0 &&
           (fcntl(fds[0], F_GETFL) & O_NONBLOCK) == 0,
       "fd_reopen() makes a new, non-blocking file description");
    ok(fd_read(again, big, 1) < 0 && errno == EAGAIN, "reading from it does not block");
    fd_close(&again);
    is_int(fd_nonblock(fds[1], &e), 0, "fd_nonblock() succeeds");
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        size_t total = 0;
        ssize_t n;

        fd_close(&fds[1]);
        while ((n = fd_read(fds[0], big, sizeof(big))) > 0) {
            total += (size_t)n;
        }
        _exit(total == sizeof(big) ? 0 : 1);
    }
    is_int(fd_write_all(fds[1], big, sizeof(big), &e), 0,
           "fd_write_all() writes all bytes to a full pipe");
    fd_close(&fds[1]);
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "all bytes arrive");
    fd_close(&fds[0]);
    ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0 && fd_reopen(sv[0], O_RDONLY) < 0,
       "a socket cannot be reopened");
    (void)close(sv[1]);
    ok(fd_write(sv[0], "x", 1) < 0 && errno == EPIPE,
       "writing to a closed socket fails with EPIPE");
    ok(fd_write_all(sv[0], "x", 1, &e) < 0 && e.errnum == EPIPE,
       "fd_write_all() reports that error: %s", e.text);
    (void)close(sv[0]);
    pid = fork();
    if (pid == 0) {
        (void)close(0);
        (void)close(2);
        fd_secure_standard();
        _exit(fcntl(0, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0 && read(0, big, 1) == 0 ? 0 : 1);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "closed standard descriptors are opened on /dev/null");
    pid = fork();
    if (pid == 0) {
        int inherited =
            open("/dev/null", O_RDONLY); /* as a descriptor that was inherited across exec */
        int own = open("/dev/null", O_RDONLY | O_CLOEXEC);

        fd_close_inherited();
        _exit(fcntl(inherited, F_GETFD) < 0 && fcntl(own, F_GETFD) >= 0 &&
                      fcntl(2, F_GETFD) >= 0
                  ? 0
                  : 1);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0,
           "fd_close_inherited() closes only descriptors that are not close-on-exec");
    pid = fork();
    if (pid == 0) {
        int other = open("/dev/null", O_RDONLY | O_CLOEXEC);
        int own = open("/dev/null", O_RDONLY | O_CLOEXEC);

        fd_close_all_but(own);
        _exit(fcntl(other, F_GETFD) < 0 && fcntl(own, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0
                  ? 0
                  : 1);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "fd_close_all_but() keeps only the given descriptor");
    return done_testing();
}
