/* SPDX-License-Identifier: MIT */
#include "base/sig.h"

#include "tap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int pipe_of_crash[2];

static void crashed(int signo)
{
    (void)!write(pipe_of_crash[1], "x", 1);
    (void)raise(signo);
}

int main(void)
{
    char byte;
    struct sig s = {.fd = -1};
    struct err e = {0};
    struct arena arena = {0};
    struct strv ignored = {0};
    int status = 0;
    int sender = -1;
    pid_t pid;

    (void)signal(SIGUSR2, SIG_IGN); /* as nohup ignores HUP */
    is_int(sig_open(&s, &e), 0, "sig_open() succeeds");
    is_int(sig_next(&s), 0, "no signal is pending at first");
    (void)kill(getpid(), SIGTERM);
    (void)kill(getpid(), SIGWINCH);
    is_int(sig_next_from(&s, &sender), SIGTERM, "a pending signal is returned");
    is_int(sender, getpid(), "with the pid of its sender");
    is_int(sig_next(&s), SIGWINCH, "the next pending signal is returned");
    is_int(sig_next(&s), 0, "no further signal is pending");
    (void)kill(getpid(), SIGUSR2);
    is_int(sig_next(&s), 0, "a signal that was ignored stays ignored");
    sig_ignored(&ignored, &arena);
    ok(strv_has(&ignored, "USR2") && !strv_has(&ignored, "TERM"), "it is listed as ignored");
    arena_release(&arena);
    (void)fflush(stdout);
    ok(pipe(pipe_of_crash) == 0, "a pipe");
    pid = fork();
    if (pid == 0) {
        sigset_t mask;

        sig_restore(&s);
        (void)sigprocmask(SIG_SETMASK, NULL, &mask);
        if (sigismember(&mask, SIGTERM) != 0) {
            _exit(1);
        }
        (void)kill(getpid(), SIGTERM);
        _exit(2);
    }
    (void)waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
       "sig_restore() unblocks the signals in a child");
    pid = fork();
    if (pid == 0) {
        sig_restore_but_pipe(&s);
        (void)kill(getpid(), SIGPIPE);
        if (sig_next(&s) == SIGPIPE) {
            (void)kill(getpid(), SIGTERM);
        }
        _exit(2);
    }
    (void)waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
       "sig_restore_but_pipe() unblocks the signals except SIGPIPE");
    pid = fork();
    if (pid == 0) { /* the process group is orphaned in a new terminal session */
        (void)setsid();
        sig_stop(true);
        _exit(sig_next(&s) == 0 ? 3 : 4);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
       "a process in an orphaned process group does not stop");
    pid = fork();
    if (pid == 0) {
        (void)setpgid(0, 0);
        sig_stop(true);
        _exit(3);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFSTOPPED(status), "a process in another process group stops");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3, "and continues after SIGCONT");
    pid = fork();
    if (pid == 0) {
        (void)setpgid(0, 0);
        _exit(sig_stop_in_background() ? 3 : 4);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU, "a background process stops");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3, "and reports that it was continued");
    pid = fork();
    if (pid == 0) {
        (void)setsid();
        _exit(sig_stop_in_background() ? 3 : 4);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 4,
       "an orphaned process group does not stop");
    is_int(sig_pending_end(), 0, "no signal that ends the process is pending");
    (void)kill(getpid(), SIGTERM);
    ok(sig_pending_end() == SIGTERM && sig_next(&s) == SIGTERM && sig_pending_end() == 0,
       "one is pending until it is read");
    pid = fork();
    if (pid == 0) {
        const struct rlimit none = {0, 0};
        FILE *f = tmpfile();

        _exit(f != NULL && setrlimit(RLIMIT_FSIZE, &none) == 0 &&
                      write(fileno(f), "x", 1) < 0 && errno == EFBIG && sig_next(&s) == SIGXFSZ
                  ? 3
                  : 4);
    }
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
       "a write beyond the limit of a file's size fails and does not end the process");
    pid = fork();
    if (pid == 0) {
        sig_on_crash(crashed);
        abort();
    }
    (void)waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
           read(pipe_of_crash[0], &byte, 1) == 1,
       "a crash calls the handler, and then has its usual effect");
    is_str(sig_name(SIGTERM), "TERM", "a signal has a name");
    is_str(sig_name(SIGWINCH), "WINCH", "names do not begin with SIG");
    is_str(sig_name(0), NULL, "0 has no name");
    sig_close(&s);
    is_int(s.fd, -1, "sig_close() sets the descriptor to -1");
    return done_testing();
}
