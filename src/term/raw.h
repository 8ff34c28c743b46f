/* SPDX-License-Identifier: MIT */
/* Raw mode with an exact restore. The terminal to restore is one of the two file-scope states
 * of the program, so that tty_raw_restore() works everywhere, also in atexit(3) handlers. */
#ifndef TERM_RAW_H
#define TERM_RAW_H

#include <stdbool.h>

#include "base/err.h"

/* Saves the attributes of `fd` and sets raw mode, in which bytes pass unchanged in both
 * directions. Uses TCSADRAIN, which keeps input that was typed before. In a background process
 * group it blocks until the shell brings the process to the foreground (SIGTTOU). Returns 0 on
 * success and -1 on error. termios(3). */
int tty_raw_enter(int fd, struct err *e);

/* Restores the saved attributes exactly. Does nothing if the terminal is not raw.
 * Async-signal-safe; keeps errno. */
void tty_raw_restore(void);

/* Forgets the terminal, because another process uses it from now on: tty_raw_restore() does
 * nothing any more. */
void tty_raw_forget(void);

/* Sets raw mode again after tty_raw_restore(), or after another program has changed the
 * terminal, such as a shell while this process was stopped. The attributes that tty_raw_enter()
 * saved stay saved. Returns 0 on success and -1 on error. */
int tty_raw_again(int fd, struct err *e);

bool tty_raw_is_active(void);

/* Writes the rows and columns of the terminal, and 0 and 0 if they are unknown (TIOCGWINSZ). */
void tty_size(int fd, unsigned *rows, unsigned *cols);

#endif
