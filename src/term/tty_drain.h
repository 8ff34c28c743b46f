/* SPDX-License-Identifier: MIT */
/* Takes the answers to a program's queries out of a terminal's input, so that they do not reach
 * the program that reads the terminal next. */
#ifndef TERM_TTY_DRAIN_H
#define TERM_TTY_DRAIN_H

enum {
    TTY_DRAIN_SILENCE_MS = 500, /* how long a terminal may be silent before it is given up */
    TTY_DRAIN_MAX_MS = 3000
};

/* Writes a few queries to the terminal `out` that each terminal answers, in an order that is
 * chosen at random, and discards the input of the terminal `in` until the answers have come in
 * that order. A terminal answers in the order in which it is asked, so no earlier answer can
 * come later; and the program could not know the order, so it could not cause the same answers.
 * Keys that are typed meanwhile are lost. The terminal is in raw mode and has received all
 * earlier output. Blocks until the last answer has come, until there was no input for
 * TTY_DRAIN_SILENCE_MS, or for TTY_DRAIN_MAX_MS. Errors are ignored: the terminal may have
 * disappeared. */
void tty_drain(int in, int out);

/* Like tty_drain() for the terminal `fd` of a command without one, which is not in raw mode:
 * sets raw mode, and restores the mode. Does nothing if this process is in the background, or
 * if `fd` cannot be read. */
void tty_drain_cooked(int fd);

#endif
