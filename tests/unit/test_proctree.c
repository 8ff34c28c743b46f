/* SPDX-License-Identifier: MIT */
/* The end of all descendants: those that have left their session, their parent, or hide. */
#include "base/proctree.h"

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG_S = 600, TIMEOUT_MS = 10000 };

/* Tells its number, and stays. */
static void stay(int fd)
{
    pid_t pid = getpid();

    (void)!write(fd, &pid, sizeof(pid));
    (void)close(fd);
    for (;;) {
        (void)pause();
    }
}

/* Daemons of each kind: `count` numbers come through the pipe. */
static void spread(int fd)
{
    if (fork() == 0) { /* both forks, a session of its own, deaf */
        (void)setsid();
        if (fork() == 0) {
            (void)signal(SIGTERM, SIG_IGN);
            (void)signal(SIGHUP, SIG_IGN);
            stay(fd);
        }
        _exit(0);
    }
    if (fork() == 0) { /* that cannot be looked into */
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        if (fork() == 0) {
            stay(fd);
        }
        stay(fd);
    }
    if (fork() == 0) { /* stopped */
        pid_t pid = getpid();

        (void)!write(fd, &pid, sizeof(pid));
        (void)raise(SIGSTOP);
        stay(fd);
    }
}

enum { SPREAD = 4 };

static bool all_gone(const pid_t *pids)
{
    for (int i = 0; i < SPREAD; i++) {
        if (kill(pids[i], 0) == 0 || errno != ESRCH) {
            return false;
        }
    }
    return true;
}

static bool hear(int fd, pid_t *pids)
{
    for (int i = 0; i < SPREAD; i++) {
        if (read(fd, &pids[i], sizeof(pids[i])) != (ssize_t)sizeof(pids[i])) {
            return false;
        }
    }
    return true;
}

/* In a subreaper of its own, so that nobody else's children are in danger. */
static int ours(void)
{
    pid_t pids[SPREAD] = {0};
    int fds[2];

    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 || pipe(fds) < 0) {
        return 2;
    }
    if (proctree_kill(getpid(), 0) != 0) {
        return 3; /* of nobody */
    }
    spread(fds[1]);
    if (!hear(fds[0], pids)) {
        return 4;
    }
    if (proctree_kill(getpid(), TIMEOUT_MS) != 0) {
        return 5;
    }
    if (!all_gone(pids)) {
        return 6;
    }
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : 7;
}

/* Forks as quickly as it can, never more than a few at a time. */
static int bomb(void)
{
    pid_t pid;

    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) {
        return 2;
    }
    pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 100000; i++) {
            if (fork() != 0) {
                _exit(0); /* the child goes on */
            }
        }
        _exit(0);
    }
    (void)usleep(20000);
    return proctree_kill(getpid(), TIMEOUT_MS) == 0 && waitpid(-1, NULL, WNOHANG) < 0 ? 0 : 3;
}

static int run(int (*f)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)alarm(LONG_S / 10);
        _exit(f());
    }
    return status_of(pid);
}

/* Of another process, which itself lives on. */
static void of_another(void)
{
    pid_t pids[SPREAD] = {0};
    int fds[2];
    pid_t pid;

    ok(pipe(fds) == 0, "a pipe");
    pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        (void)signal(SIGCHLD, SIG_IGN); /* reaps by itself */
        spread(fds[1]);
        for (;;) {
            (void)pause();
        }
    }
    ok(hear(fds[0], pids), "a process with descendants");
    is_int(proctree_kill(pid, TIMEOUT_MS), 0, "is left without");
    ok(all_gone(pids), "none of them is there");
    ok(kill(pid, 0) == 0, "it is");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void started(void)
{
    pid_t parent = 0;
    bool ended = true;
    uint64_t first = proctree_started(getpid(), &parent, &ended);

    ok(first > 0 && parent == getppid() && !ended, "when a process was started, and by whom");
    is_int((long long)proctree_started(1 << 30, &parent, &ended), 0, "none");
}

int main(void)
{
    started();
    is_int(run(ours), 0, "daemons, the stopped, those that hide: all end and are reaped");
    is_int(run(bomb), 0, "and what forks on and on");
    of_another();
    return done_testing();
}
