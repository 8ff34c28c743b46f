/* SPDX-License-Identifier: MIT */
/* Questions to the person at the terminal. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sig.h"

/* Asks on stderr and reads a line from stdin: 1 for y or yes, 0 for anything else and for end
 * of file. `assume_yes` answers without asking. Without a terminal on stdin: ERR_USAGE that
 * names --yes. A signal ends it with ERR_CANCELED. */
int prompt_yes(const char *question, bool assume_yes, struct sig *sig, struct err *e);

#endif
