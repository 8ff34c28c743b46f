/* SPDX-License-Identifier: MIT */
/* Brings a terminal into the state in which a shell expects it and in which lines of cco's own
 * can be read. This is the only place that knows how. The rows of tty_reset.c are the
 * sequences, in their order; each is written only if what it undoes may have happened, so that
 * a terminal does not change visibly after an ordinary session. Nothing clears the screen or
 * the scrollback. */
#ifndef TERM_TTY_RESET_H
#define TERM_TTY_RESET_H

#include "base/buf.h"
#include "term/output_watch.h"

/* The most bytes that each function adds. */
enum { TTY_RESET_MAX = 4096 };

/* Adds to `out` the bytes that undo what `w` has seen. Adds nothing if there was only text. The
 * cursor stays where it is, or where it was before the alternate screen, unless origin mode was
 * used: then it moves to the last line. Pure. */
void tty_reset(const struct output_watch *w, struct buf *out);

/* Adds to `out` the bytes that reset a terminal in any state, with the cursor at the start of a
 * line. Pure. */
void tty_reset_any(struct buf *out);

/* Adds to `out` the bytes that prepare a terminal in any state for drawing a screen: like
 * tty_reset_any(), but the terminal's own colours, cursor and keyboard stay, and the cursor may
 * be anywhere. Pure. */
void tty_reset_screen(struct buf *out);

/* Adds to `out` the bytes after which text can be read, without changing modes that the program
 * needs when it goes on: ends an incomplete sequence, and resets colours and character sets of
 * the text. Adds nothing if `w` has seen only text; NULL means that it is not known. Pure. */
void tty_reset_text(const struct output_watch *w, struct buf *out);

/* Writes to `fd` what tty_reset_any() adds. Async-signal-safe. Errors are ignored, because
 * nothing can be done about them. */
void tty_reset_write(int fd);

#endif
