/* SPDX-License-Identifier: MIT */
#include "base/pty.h"

#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

enum {
    GET_PEER = 0x5441, /* TIOCGPTPEER, which musl does not define; ioctl_tty(2) */
    PATH_SIZE = 64
};

/* Opens the slave through the master, if the kernel can do that (Linux 4.13). This needs no
 * path, so the mounts of this process cannot lead to another terminal. */
static int open_slave(int master)
{
    char path[PATH_SIZE];
    int fd = ioctl(master, GET_PEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0 || ptsname_r(master, path, sizeof(path)) != 0) {
        return fd;
    }
    return openat(AT_FDCWD, path, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int pty_open(int *master, int *slave, struct err *e)
{
    int unlocked = 0;

    *slave = -1;
    *master = openat(AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (*master < 0) {
        return err_sys(e, "open a pseudo-terminal");
    }
    if (ioctl(*master, TIOCSPTLCK, &unlocked) == 0) {
        *slave = open_slave(*master);
    }
    if (*slave < 0) {
        (void)err_sys(e, "open the other end of a pseudo-terminal");
        fd_close(master);
        return -1;
    }
    return 0;
}

void pty_set_size(int fd, unsigned rows, unsigned cols)
{
    struct winsize size = {.ws_row = (unsigned short)(rows < 0xffff ? rows : 0xffff),
                           .ws_col = (unsigned short)(cols < 0xffff ? cols : 0xffff)};

    (void)ioctl(fd, TIOCSWINSZ, &size); /* fails if the terminal has hung up */
}
