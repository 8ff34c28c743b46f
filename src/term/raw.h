/* SPDX-License-Identifier: MIT */
/* Raw mode with exact restore. The terminal to restore is one of the two file-scope states of the
 * program: tty_raw_restore() works from any place, whatever else broke, atexit included. */
#ifndef TERM_RAW_H
#define TERM_RAW_H

#include <stdbool.h>

#include "base/err.h"

/* Saves the attributes of `fd` and sets raw mode (byte-transparent both ways; tcsetattr TCSADRAIN
 * so that typed-ahead input is kept). Called from a background process group, it waits until the
 * shell brings us to the foreground, as SIGTTOU has it. termios(3). */
int tty_raw_enter(int fd, struct err *e);

/* Back to the saved attributes, exactly; not raw: does nothing. Async-signal-safe, errno kept. */
void tty_raw_restore(void);

/* Another process has the terminal from now on: nothing is restored here. */
void tty_raw_forget(void);

/* Raw mode once more after tty_raw_restore() or after somebody else changed the terminal (a shell while
 * we were stopped). What was saved by tty_raw_enter() stays saved. */
int tty_raw_again(int fd, struct err *e);

bool tty_raw_is_active(void);

/* Rows and columns of the terminal; 0x0 where it does not tell (TIOCGWINSZ). */
void tty_size(int fd, unsigned *rows, unsigned *cols);

#endif
