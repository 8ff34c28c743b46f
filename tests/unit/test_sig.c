/* SPDX-License-Identifier: MIT */
#include "base/sig.h"

#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct sig s = {.fd = -1};
    struct err e = {0};
    int status = 0;
    int sender = -1;
    pid_t pid;

    (void)signal(SIGUSR2, SIG_IGN); /* as nohup would */
    is_int(sig_open(&s, &e), 0, "signals become a descriptor");
    is_int(sig_next(&s), 0, "none waits");
    (void)kill(getpid(), SIGTERM);
    (void)kill(getpid(), SIGWINCH);
    is_int(sig_next_from(&s, &sender), SIGTERM, "one that came");
    is_int(sender, getpid(), "and who sent it");
    is_int(sig_next(&s), SIGWINCH, "the next");
    is_int(sig_next(&s), 0, "and no more");
    (void)kill(getpid(), SIGUSR2);
    is_int(sig_next(&s), 0, "what was ignored stays ignored");
    (void)fflush(stdout);
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
       "a child gets the usual signals back");
    pid = fork();
    if (pid == 0) { /* of a session of its own: nobody could continue it */
        (void)setsid();
        sig_stop(true);
        _exit(sig_next(&s) == 0 ? 3 : 4);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3, "an orphaned job does not stop");
    pid = fork();
    if (pid == 0) {
        (void)setpgid(0, 0);
        sig_stop(true);
        _exit(3);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    ok(WIFSTOPPED(status), "any other does");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3, "and goes on");
    is_str(sig_name(SIGTERM), "TERM", "names");
    is_str(sig_name(SIGWINCH), "WINCH", "without their SIG");
    is_str(sig_name(0), NULL, "zero has none");
    sig_close(&s);
    is_int(s.fd, -1, "closed");
    return done_testing();
}
