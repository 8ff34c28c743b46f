/* SPDX-License-Identifier: MIT */
/* The only place that prints an error and chooses an exit status. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include <stdbool.h>

#include "base/err.h"

/* Returns the exit status for an error: EXIT_USAGE for usage errors, EXIT_SIGNAL + n if signal
 * n ended this command, and EXIT_CCO for everything else. Pure. */
int exit_status(const struct err *e);

/* Prints the error and its hint to stderr. If a signal ended the command, prints only the text,
 * and with --quiet nothing. `json` also prints {"error": ...} to stdout, for scripts
 * (src/manual/json.md). Returns exit_status(). Blocks until both are written. */
int exit_error(const struct err *e, bool json);

#endif
