/* SPDX-License-Identifier: MIT */
#include "base/pty.h"

#include "base/fd.h"
#include "tap.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
    struct err e = {0};
    struct winsize size = {0};
    char text[8] = {0};
    int master = -1;
    int slave = -1;

    is_int(pty_open(&master, &slave, &e), 0, "pty_open() succeeds");
    ok(isatty(slave) == 1, "the slave is a terminal");
    ok((fcntl(master, F_GETFD) & FD_CLOEXEC) != 0 && (fcntl(slave, F_GETFD) & FD_CLOEXEC) != 0,
       "both ends are close-on-exec");
    ok((fcntl(master, F_GETFL) & O_NONBLOCK) != 0 && (fcntl(slave, F_GETFL) & O_NONBLOCK) == 0,
       "the master is non-blocking, the slave is not");
    pty_set_size(master, 70000, 99);
    ok(ioctl(slave, TIOCGWINSZ, &size) == 0 && size.ws_row == 65535 && size.ws_col == 99,
       "the size is set, within the range of the kernel");
    ok(fd_write(slave, "out\n", 4) == 4 && fd_read(master, text, sizeof(text)) == 5,
       "bytes written to the slave arrive at the master");
    fd_close(&slave);
    ok(fd_read(master, text, sizeof(text)) < 0,
       "reading from the master fails after the slave is closed");
    fd_close(&master);
    return done_testing();
}
