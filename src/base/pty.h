/* SPDX-License-Identifier: MIT */
/* A new pseudo-terminal (pty(7)). Both ends are close-on-exec and never become a controlling
 * terminal by being opened; what libc has for it does neither. */
#ifndef BASE_PTY_H
#define BASE_PTY_H

#include "base/err.h"

/* The master is non-blocking. -1 with both ends -1. */
int pty_open(int *master, int *slave, struct err *e);

/* TIOCSWINSZ on either end: the foreground process group gets SIGWINCH if that changes
 * anything. */
void pty_set_size(int fd, unsigned rows, unsigned cols);

#endif
