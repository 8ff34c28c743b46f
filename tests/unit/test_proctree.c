/* SPDX-License-Identifier: MIT */
/* All descendants are killed, even if they have left their terminal session or their parent, or
 * cannot be inspected. */
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

/* Writes its pid to the pipe and waits. */
static void stay(int fd)
{
    pid_t pid = getpid();

    (void)!write(fd, &pid, sizeof(pid));
    (void)close(fd);
    for (;;) {
        (void)pause();
    }
}

/* Starts processes of each kind. SPREAD pids come through the pipe. */
static void spread(int fd)
{
    if (fork() == 0) { /* a daemon: forked twice, with its own session, ignores signals */
        (void)setsid();
        if (fork() == 0) {
            (void)signal(SIGTERM, SIG_IGN);
            (void)signal(SIGHUP, SIG_IGN);
            stay(fd);
        }
        _exit(0);
    }
    if (fork() == 0) { /* not dumpable, so that /proc shows little of it */
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

/* Runs in a child that is a subreaper, so that no other process is killed. */
static int ours(void)
{
    pid_t pids[SPREAD] = {0};
    int fds[2];

    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 || pipe(fds) < 0) {
        return 2;
    }
    if (proctree_kill(getpid(), 0) != 0) {
        return 3; /* without children it succeeds */
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

/* Forks as quickly as possible, with only a few processes at a time. */
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
                _exit(0); /* the child continues */
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

/* Kills the descendants of another process, which is not killed. */
static void of_another(void)
{
    pid_t pids[SPREAD] = {0};
    int fds[2];
    pid_t pid;

    ok(pipe(fds) == 0, "a pipe is made");
    pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        (void)signal(SIGCHLD, SIG_IGN); /* ended children disappear without wait(2) */
        spread(fds[1]);
        for (;;) {
            (void)pause();
        }
    }
    ok(hear(fds[0], pids), "a process has descendants");
    is_int(proctree_kill(pid, TIMEOUT_MS), 0, "proctree_kill() kills them");
    ok(all_gone(pids), "none of them is left");
    ok(kill(pid, 0) == 0, "the process itself is not killed");
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

    ok(first > 0 && parent == getppid() && !ended,
       "proctree_started() returns start time and parent");
    is_int((long long)proctree_started(1 << 30, &parent, &ended), 0,
           "it returns 0 for a pid without a process");
}

static void stopped(void)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)raise(SIGSTOP);
        _exit(0);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(proctree_is_stopped(pid), "a stopped process is stopped");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(!proctree_is_stopped(getpid()) && !proctree_is_stopped(1 << 30),
       "a process that runs or does not exist is not");
}

int main(void)
{
    started();
    stopped();
    is_int(run(ours), 0,
           "daemons, stopped and non-dumpable processes are killed and waited for");
    is_int(run(bomb), 0, "processes that fork continuously are killed");
    of_another();
    return done_testing();
}
