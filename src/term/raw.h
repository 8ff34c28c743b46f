/* SPDX-License-Identifier: MIT */
/* Sets a terminal to raw mode and restores it exactly. The terminal to restore is one of the
 * two file-scope states of the program (the other is the log level), so that tty_raw_restore()
 * works everywhere, also in atexit(3) handlers. Therefore only one terminal can be raw at a
 * time. */
#ifndef TERM_RAW_H
#define TERM_RAW_H

#include <stdbool.h>

#include "base/err.h"

/* Saves the attributes of `fd` and sets raw mode, in which bytes pass unchanged in both
 * directions. Uses TCSADRAIN, which keeps input that was typed before. `fd` still belongs to
 * the caller and must stay open until tty_raw_restore() or tty_raw_forget(). In a background
 * process group this function blocks until the shell brings the process to the foreground
 * (SIGTTOU), or until HUP, INT, QUIT or TERM is pending. That is an error, ERR_CANCELED with
 * the signal in e->code, and the signal stays pending. If this program crashes (SIGSEGV,
 * SIGABRT and the like), the terminal is restored and reset (term/tty_reset.h). Returns 0 on
 * success and -1 on error; the terminal is not counted as raw then. termios(3). */
int tty_raw_enter(int fd, struct err *e);

/* Restores the attributes that tty_raw_enter() saved. Does nothing if no terminal is raw, or if
 * another process group has the terminal: then the shell has set its own attributes.
 * Async-signal-safe; keeps errno. Waits until the terminal has taken the output that was
 * written before (TCSADRAIN). */
void tty_raw_restore(void);

/* Forgets the terminal without restoring it, because another process uses it from this call on.
 * Until the next tty_raw_enter() or tty_raw_again(), tty_raw_restore() does nothing. */
void tty_raw_forget(void);

/* Sets raw mode on `fd` again after tty_raw_restore(), or after another program has changed the
 * terminal, such as a shell while this process was stopped. `fd` is the terminal of the last
 * tty_raw_enter(), and the attributes that were saved then stay saved. Blocks like
 * tty_raw_enter(). Returns 0 on success and -1 on error; no terminal counts as raw then. */
int tty_raw_again(int fd, struct err *e);

struct termios;

/* Gives the terminal `fd` the modes of input that another terminal has: whether it reads lines,
 * echoes, and makes signals of keys. Its modes of output stay. The first call saves the
 * attributes for tty_raw_restore(), as tty_raw_enter() does. Does nothing in a background
 * process group. Errors are ignored. */
void tty_raw_follow(int fd, const struct termios *modes);

/* Returns true if `fd` is the controlling terminal of this process, and another process group
 * is in its foreground. tcgetpgrp(3). */
bool tty_is_in_background(int fd);

/* Returns true if tty_raw_restore() has a terminal to restore. */
bool tty_raw_is_active(void);

/* Writes the size of the terminal to *rows and *cols (TIOCGWINSZ). Both are 0 if `fd` is not a
 * terminal; a terminal may also report 0. */
void tty_size(int fd, unsigned *rows, unsigned *cols);

#endif
