/* SPDX-License-Identifier: MIT */
/* The end of everything but init, in a pid namespace of the test's own. */
#include "init/sweep.h"

#include "child.h"
#include "tap.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that forks for as long as it can, its children too. */
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

static pid_t sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)sleep(60);
        _exit(0);
    }
    return pid;
}

/* As PID 1: what went wrong, 0 where nothing did. */
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
    ok(kill(pid, 0) == 0, "who is not PID 1 sweeps nothing");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    if (in_namespace(true, false) == 77) {
        ok(true, "namespaces # SKIP not allowed here");
        return done_testing();
    }
    is_int(in_namespace(true, false), 0, "everything ends, what forks without an end too");
    is_int(in_namespace(true, true), 0, "but the one to be spared");
    is_int(in_namespace(false, true), 0, "without /proc nobody is spared");
    return done_testing();
}
