/* SPDX-License-Identifier: MIT */
/* Prints long text: through a pager if standard output is a terminal, as git does. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include "base/err.h"
#include "base/str.h"

struct app;

/* Prints `text` to standard output. If that is a terminal, this process becomes the pager: the
 * program in PAGER, split at blanks and executed without a shell, or less(1) if PAGER is unset.
 * It reads the text from its standard input and gets LESS=FRX if LESS is unset. Because it
 * takes the place of cco, the shell's job control and the terminal's keys work as for any
 * pager; the function does not return then.
 *
 * The text is written directly if standard output is not a terminal, if PAGER is empty or
 * "cat", or if the pager does not exist or cannot be executed; a pager that PAGER names gets a
 * warning. Returns 0 if everything was written and -1 on error. Blocks until then. execve(2).
 */
int pager_print(struct app *app, struct str text, struct err *e);

#endif
