/* SPDX-License-Identifier: MIT */
/* The hint and the question about a word that the user probably did not mean as a prompt. */
#ifndef CLI_ASK_HABIT_H
#define CLI_ASK_HABIT_H

#include "base/err.h"

struct app;

/* If the command line, which is parsed already, has such a word (cli/habit.h), prints a hint.
 * On a terminal, asks whether to run the command that the user probably means, or to go on. In
 * CI, without a terminal, with --yes and with --dry-run, prints a warning and goes on.
 *
 * Returns 1 if the user means the other command, and sets *argc and *argv to its command line.
 * The caller then parses the new one. It is in the arena of `app`; its words are those of the
 * old command line and of the command. Returns 0 if the caller goes on with the old command
 * line. Returns -1 with ERR_CANCELED if the user wants neither, or if a signal or the end of
 * the input came in place of an answer. Blocks until the user answers. */
int ask_habit(struct app *app, int *argc, char ***argv, struct err *e);

#endif
