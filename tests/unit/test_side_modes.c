/* SPDX-License-Identifier: MIT */
#include "term/side_modes.h"

#include "base/fd.h"
#include "base/pty.h"
#include "tap.h"
#include "term/raw.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void set_local(int fd, tcflag_t off, tcflag_t on)
{
    struct termios t;

    (void)tcgetattr(fd, &t);
    t.c_lflag = (t.c_lflag & ~off) | on;
    (void)tcsetattr(fd, TCSANOW, &t);
}

static bool has(int fd, tcflag_t flag)
{
    struct termios t;

    return tcgetattr(fd, &t) == 0 && (t.c_lflag & flag) != 0;
}

int main(void)
{
    struct side_modes m = {0};
    struct err e = {0};
    int master = -1;
    int slave = -1;
    int inner = -1;
    int inner_slave = -1;

    (void)setsid();
    ok(pty_open(&master, &slave, &e) == 0 && pty_open(&inner, &inner_slave, &e) == 0 &&
           ioctl(slave, TIOCSCTTY, 0) == 0,
       "two terminals are opened %s", e.text);
    set_local(slave, ECHO, 0);
    side_modes_follow(&m, inner, slave);
    ok(!has(slave, ECHO) && !tty_raw_is_active(),
       "the first look changes nothing: the user may have set other modes");
    set_local(inner_slave, ECHO | ICANON, 0);
    side_modes_follow(&m, inner, slave);
    ok(!has(slave, ICANON) && !has(slave, ECHO) && has(slave, ISIG), "a change is followed");
    set_local(inner_slave, 0, ECHO | ICANON);
    side_modes_follow(&m, inner, slave);
    ok(has(slave, ICANON) && has(slave, ECHO), "and so is its end");
    tty_raw_restore();
    ok(has(slave, ICANON) && !has(slave, ECHO), "at last the terminal has its first modes");
    fd_close(&inner);
    fd_close(&inner_slave);
    return done_testing(); /* closing the controlling terminal would send HUP */
}
