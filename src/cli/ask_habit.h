/* SPDX-License-Identifier: MIT */
/* The hint and the question about a word that the user probably did not mean as a prompt. */
#ifndef CLI_ASK_HABIT_H
#define CLI_ASK_HABIT_H

#include "base/err.h"

struct app;

/* If the command line, which is parsed already, has such a word (cli/habit.h), prints a hint.
 * On a terminal, asks whether to run the command that is probably meant, or to go on. In CI,
 * without a terminal, with --yes and with --dry-run, warns and goes on.
 *
 * Returns 1 if the user means the other command, and sets *argc and *argv to its command line,
 * which must be parsed instead; it is in the arena of `app`, with words of the old one. Returns
 * 0 to go on. Returns -1 with ERR_CANCELED if the user
 * wants neither, or if a signal or the end of the input came in place of an answer. Blocks
 * until the user answers. */
int ask_habit(struct app *app, int *argc, char ***argv, struct err *e);

#endif
