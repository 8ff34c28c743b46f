/* SPDX-License-Identifier: MIT */
#include "base/pidfd.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct pollfd p = {.events = POLLIN};
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        for (;;) {
            (void)pause();
        }
    }
    p.fd = pidfd_of(pid);
    ok(p.fd >= 0 && (fcntl(p.fd, F_GETFD) & FD_CLOEXEC) != 0, "a descriptor, closed on exec");
    is_int(poll(&p, 1, 0), 0, "the process runs");
    is_int(pidfd_kill(p.fd), 0, "it is killed");
    is_int(poll(&p, 1, 10000), 1, "which the descriptor shows");
    ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
       "by SIGKILL");
    ok(pidfd_kill(p.fd) < 0 && errno == ESRCH, "once it is reaped there is no such process");
    (void)close(p.fd);
    ok(pidfd_of(pid) < 0 && errno == ESRCH, "nor a descriptor of it");
    return done_testing();
}
