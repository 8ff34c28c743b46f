/* SPDX-License-Identifier: MIT */
/* Questions to the user at the terminal. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sig.h"

/* Prints `question` on stderr and reads one line from stdin, which the caller has to know to be
 * a terminal. Adds the line without blanks around it to `answer`. Returns 1 on success, and 0
 * at the end of the file. Returns -1 on error: ERR_CANCELED means that a signal of `sig`
 * arrived (net/wait.h). Blocks until the user answers. */
int prompt_line(const char *question, struct sig *sig, struct buf *answer, struct err *e);

/* Prints `question` with " [y/N]" on stderr and reads one line from stdin. Returns 1 if the
 * answer is y or yes in upper or lower case, and 0 for any other answer and at the end of the
 * file. If `assume_yes` is true, returns 1 without asking. Returns -1 on error. ERR_USAGE means
 * that stdin is not a terminal; the hint names --yes. ERR_CANCELED means that a signal of `sig`
 * arrived (net/wait.h). Blocks until the user answers. */
int prompt_yes(const char *question, bool assume_yes, struct sig *sig, struct err *e);

#endif
