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
    ok(p.fd >= 0 && (fcntl(p.fd, F_GETFD) & FD_CLOEXEC) != 0,
       "the descriptor is close-on-exec");
    is_int(poll(&p, 1, 0), 0, "the descriptor is not readable while the process runs");
    is_int(pidfd_kill(p.fd), 0, "pidfd_kill() succeeds");
    is_int(poll(&p, 1, 10000), 1, "the descriptor becomes readable when the process ends");
    ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
       "the process was killed by SIGKILL");
    ok(pidfd_kill(p.fd) < 0 && errno == ESRCH,
       "killing a process that was waited for fails with ESRCH");
    (void)close(p.fd);
    ok(pidfd_of(pid) < 0 && errno == ESRCH, "opening one fails with ESRCH");
    return done_testing();
}
