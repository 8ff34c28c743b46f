/* SPDX-License-Identifier: MIT */
/* Kills everything except init, in a pid namespace of its own. */
#include "init/sweep.h"

#include "child.h"
#include "tap.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Forks without end; its children do the same. */
static void breed(void)
{
    (void)signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (fork() < 0) {
            (void)usleep(1000);
        }
        (void)usleep(20000);
    }
}

/* Starts a child that sleeps. */
static pid_t sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)sleep(60);
        _exit(0);
    }
    return pid;
}

/* Runs as process 1. `with_proc` says whether /proc shows the processes; `spares` says whether
 * a process is spared. Returns 0 on success, and another number for each check that fails. */
static int as_init(bool with_proc, bool spares)
{
    pid_t spared = sleeper();
    pid_t other = sleeper();

    if (with_proc && mount("proc", "/proc", "proc", 0, NULL) < 0) {
        return 2;
    }
    if (!with_proc && mount("none", "/proc", "tmpfs", 0, NULL) < 0) {
        return 2;
    }
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            breed();
        }
    }
    (void)usleep(100000);
    sweep(spares ? spared : 0);
    if (kill(other, 0) == 0) {
        return 3;
    }
    if ((kill(spared, 0) == 0) != (spares && with_proc)) {
        return 4;
    }
    (void)kill(spared, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0) {
    }
    return kill(-1, 0) == 0 ? 5 : 0;
}

/* Runs as_init() in a pid namespace. Returns its result, and 77 if this machine does not allow
 * that. */
static int in_namespace(bool with_proc, bool spares)
{
    pid_t outer = fork();

    if (outer == 0) {
        pid_t pid;

        if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0 ||
            mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
            _exit(77);
        }
        pid = fork();
        if (pid == 0) {
            _exit(as_init(with_proc, spares));
        }
        _exit(status_of(pid));
    }
    return status_of(outer);
}

int main(void)
{
    pid_t pid = sleeper();

    sweep(0);
    ok(kill(pid, 0) == 0, "a process that is not process 1 kills nothing");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    if (in_namespace(true, false) == 77) {
        ok(true, "sweeping # SKIP needs namespaces");
        return done_testing();
    }
    is_int(in_namespace(true, false), 0,
           "everything is killed, also processes that fork without end");
    is_int(in_namespace(true, true), 0, "the spared process is not killed");
    is_int(in_namespace(false, true), 0, "without /proc the spared process is killed as well");
    return done_testing();
}
