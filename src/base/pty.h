/* SPDX-License-Identifier: MIT */
/* A new pseudo-terminal (pty(7)). Both ends are close-on-exec, and opening them does not make
 * them the controlling terminal of this process. openpty of libc guarantees neither. */
#ifndef BASE_PTY_H
#define BASE_PTY_H

#include "base/err.h"

/* Opens a new pseudo-terminal and sets *master and *slave to its ends, which belong to the
 * caller. The master is non-blocking, the slave is not. Returns 0 on success and -1 on error
 * (ERR_SYS); both ends are then -1. */
int pty_open(int *master, int *slave, struct err *e);

/* Sets the size of the terminal, through either end. If that changes the size, the foreground
 * process group gets SIGWINCH. Numbers above 65535 become 65535. Errors are ignored. TIOCSWINSZ
 * in ioctl_tty(2). */
void pty_set_size(int fd, unsigned rows, unsigned cols);

#endif
