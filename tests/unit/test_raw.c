/* SPDX-License-Identifier: MIT */
#include "term/raw.h"

#include "pty.h"
#include "tap.h"

#include <errno.h>

static bool same_mode(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
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
    pty_close(&p);
    return done_testing();
}
