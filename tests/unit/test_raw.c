/* SPDX-License-Identifier: MIT */
#include "term/raw.h"

#include "pty.h"
#include "tap.h"

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
    return done_testing();
}
