/* SPDX-License-Identifier: MIT */
/* A pseudo-terminal for tests. */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Both ends are close-on-exec. pty_close() closes them. */
struct pty {
    int master, slave;
};

__attribute__((unused)) static struct pty pty_new(unsigned short rows, unsigned short cols)
{
    struct pty p = {.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), .slave = -1};
    struct winsize size = {.ws_row = rows, .ws_col = cols};

    if (p.master < 0 || grantpt(p.master) < 0 || unlockpt(p.master) < 0) {
        abort();
    }
    p.slave = open(ptsname(p.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (p.slave < 0 || ioctl(p.slave, TIOCSWINSZ, &size) < 0) {
        abort();
    }
    return p;
}

__attribute__((unused)) static void pty_close(struct pty *p)
{
    (void)close(p->slave);
    (void)close(p->master);
}

#endif
