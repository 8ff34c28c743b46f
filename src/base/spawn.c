/* SPDX-License-Identifier: MIT */
#include "base/spawn.h"

#include "base/arena.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FD_FREE = 3 };

/* Sets the signal mask and the dispositions for the new program. If it does not join the
 * caller's terminal session, HUP must end it (see spawn.h), even if nohup ignores HUP. */
static void default_signals(const struct spawn *s)
{
    sigset_t none;

    if (!s->joins) {
        sig_usual();
    }
    if (s->sig != NULL) {
        sig_restore(s->sig);
        return;
    }
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Makes the given descriptors 0, 1 and 2. Duplicates them to higher numbers first, because a
 * given descriptor may itself be 0, 1 or 2, and dup2(2) could overwrite it before its turn. */
static bool take_streams(const struct spawn *s)
{
    int std[3] = {s->in, s->out, s->err};

    for (int i = 0; i < 3; i++) {
        if (std[i] < 0) {
            continue;
        }
        std[i] = fcntl(std[i], F_DUPFD_CLOEXEC, FD_FREE);
        if (std[i] < 0) {
            return false;
        }
    }
    for (int i = 0; i < 3; i++) {
        if (std[i] >= 0 && dup2(std[i], i) != i) {
            return false;
        }
    }
    return true;
}

/* Executes the program. Runs in the child, so it makes only async-signal-safe calls. Writes
 * errno to `report` if it fails. */
static void become(const struct spawn *s, char *const *argv, int report)
{
    int problem;

    if ((s->joins || setsid() >= 0) &&
        (s->terminal < 0 || ioctl(s->terminal, TIOCSCTTY, 0) == 0) && take_streams(s) &&
        (s->dir == NULL || chdir(s->dir) == 0)) {
        default_signals(s);
        (void)execve(s->program, argv, s->env);
    }
    problem = errno;
    /* If this write fails, the parent takes the end of the pipe for success. */
    (void)fd_write(report, &problem, sizeof(problem));
    _exit(EXIT_NOT_FOUND);
}

pid_t spawn_start(const struct spawn *s, struct err *e)
{
    struct arena a = {0};
    char *const *argv = proc_argv(s->argv, &a);
    int report[2] = {-1, -1};
    int problem = 0;
    pid_t pid = -1;

    if (fd_pipe(report, e) < 0) {
        goto out;
    }
    pid = fork();
    if (pid == 0) {
        become(s, argv, report[1]);
    }
    if (pid < 0) {
        (void)err_sys(e, "fork");
        goto out;
    }
    fd_close(&report[1]); /* the end of the pipe means that the program was executed */
    if (fd_read(report[0], &problem, sizeof(problem)) == (ssize_t)sizeof(problem)) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
        errno = problem;
        (void)err_sys(e, "%s", s->program);
        pid = -1;
    }
out:
    fd_close(&report[0]);
    fd_close(&report[1]);
    arena_release(&a);
    return pid;
}
