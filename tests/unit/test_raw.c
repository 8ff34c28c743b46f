/* SPDX-License-Identifier: MIT */
#include "term/raw.h"

#include "pty.h"
#include "tap.h"

#include "base/sig.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

static bool same_mode(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

/* A process crashes while the terminal is raw. */
static void a_crash_restores_the_terminal(const struct pty *p)
{
    struct termios before;
    struct termios now;
    struct err e = {0};
    char got[4096] = {0};
    int status = 0;
    pid_t pid;

    (void)tcgetattr(p->slave, &before);
    pid = fork();
    if (pid == 0) {
        (void)tty_raw_enter(p->slave, &e);
        (void)raise(SIGSEGV);
        _exit(0);
    }
    (void)waitpid(pid, &status, 0);
    (void)tcgetattr(p->slave, &now);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && same_mode(&before, &now),
       "a crash restores the attributes");
    ok(read(p->master, got, sizeof(got) - 1) > 0 && strncmp(got, "\030\033\\", 3) == 0,
       "and resets the terminal");
}

/* A process of another group than the foreground group of its terminal. Returns the kind of the
 * error with which its tty_raw_enter() ended. */
static int in_background(int terminal, int signo)
{
    struct err e = {0};
    struct sig sig;
    int status = 0;
    pid_t pid;

    (void)setpgid(0, 0);
    (void)signal(SIGTTOU, SIG_IGN);
    (void)tcsetpgrp(terminal, getpgrp());
    pid = fork();
    if (pid == 0) {
        (void)signal(SIGTTOU, SIG_DFL);
        (void)setpgid(0, 0);
        (void)sig_open(&sig, &e);
        _exit(tty_raw_enter(terminal, &e) < 0 ? 100 + (int)e.kind : 1);
    }
    (void)waitpid(pid, &status, WUNTRACED);
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTTOU) {
        return -1;
    }
    (void)kill(pid, signo);
    if (signo == SIGCONT) {
        (void)setpgid(pid, pid);
        (void)waitpid(pid, &status, WUNTRACED);
        if (!WIFSTOPPED(status)) {
            return -1;
        }
        (void)tcsetpgrp(terminal, pid);
    }
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_background_process_waits(int signo, int want, const char *name)
{
    struct pty p = pty_new(24, 80);
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)setsid();
        (void)ioctl(p.slave, TIOCSCTTY, 0);
        pid = fork(); /* its parent, in another process group, keeps it from being orphaned */
        if (pid == 0) {
            _exit(in_background(p.slave, signo));
        }
        (void)waitpid(pid, &status, 0);
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, want, name);
    pty_close(&p);
}

int main(void)
{
    struct pty p = pty_new(33, 77);
    struct termios before;
    struct termios now;
    struct err e = {0};
    unsigned rows = 0;
    unsigned cols = 0;
    char byte = 0;
    int fds[2];

    (void)tcgetattr(p.slave, &before);
    before.c_lflag &= ~(tcflag_t)ECHO; /* an unusual state, which must be restored */
    before.c_cc[VERASE] = 'x';
    (void)tcsetattr(p.slave, TCSANOW, &before);
    ok(!tty_raw_is_active(), "no terminal is raw at first");
    is_int(tty_raw_enter(p.slave, &e), 0, "raw mode is set");
    (void)tcgetattr(p.slave, &now);
    ok((now.c_lflag & (ICANON | ISIG | ECHO | IEXTEN)) == 0 &&
           (now.c_iflag & (ICRNL | IXON)) == 0 && (now.c_oflag & OPOST) == 0,
       "no byte has a special meaning in raw mode");
    ok(write(p.master, "\x03", 1) == 1 && read(p.slave, &byte, 1) == 1 && byte == 3,
       "Ctrl-C is an ordinary byte in raw mode");
    tty_raw_restore();
    (void)tcgetattr(p.slave, &now);
    ok(same_mode(&before, &now), "all attributes are restored exactly");
    errno = 7;
    tty_raw_restore();
    ok(errno == 7 && !tty_raw_is_active(), "a second restore does nothing and keeps errno");
    is_int(tty_raw_again(p.slave, &e), 0, "raw mode is set again");
    tty_raw_restore();
    (void)tcgetattr(p.slave, &now);
    ok(same_mode(&before, &now), "the attributes that were saved first are restored");
    tty_size(p.slave, &rows, &cols);
    ok(rows == 33 && cols == 77, "the size is reported");
    ok(pipe(fds) == 0 && tty_raw_enter(fds[0], &e) < 0 && e.kind == ERR_SYS,
       "a pipe is refused: %s", e.text);
    tty_size(fds[0], &rows, &cols);
    ok(rows == 0 && cols == 0, "a pipe has the size 0");
    (void)close(fds[0]);
    (void)close(fds[1]);
    a_crash_restores_the_terminal(&p);
    pty_close(&p);
    a_background_process_waits(SIGCONT, 1, "it waits until it is in the foreground");
    a_background_process_waits(SIGTERM, 100 + ERR_CANCELED, "or until it is asked to end");
    return done_testing();
}
