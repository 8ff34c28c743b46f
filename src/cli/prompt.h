/* SPDX-License-Identifier: MIT */
/* Questions to the user at the terminal. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sig.h"

/* Prints `question` with " [y/N]" on stderr and reads one line from stdin. Returns 1 if the
 * answer is y or yes in upper or lower case, and 0 for any other answer and at the end of the
 * file. If `assume_yes` is true, returns 1 without asking. Returns -1 on error. ERR_USAGE means
 * that stdin is not a terminal; the hint names --yes. ERR_CANCELED means that a signal of `sig`
 * arrived (net/wait.h). Blocks until the user answers. */
int prompt_yes(const char *question, bool assume_yes, struct sig *sig, struct err *e);

/* Returns true if there is a user who can read a question and answer it: standard input and
 * standard error are terminals, and the environment `env` is not that of a CI job (CI). */
bool prompt_can_ask(char *const *env);

/* Asks `question`, followed by " [y/n/q]", or by " [y/q]" if `has_no` is false. Accepts these
 * letters and their words (yes, no, quit). After another answer it asks again, up to three
 * times in all. Returns 1 for yes and 0 for no. Returns -1 with ERR_CANCELED if the user quits,
 * after three other answers, at the end of the input, and if a signal of `sig` arrived. Blocks
 * until the user answers. */
int prompt_choice(const char *question, bool has_no, struct sig *sig, struct err *e);

#endif
