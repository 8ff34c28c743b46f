/* SPDX-License-Identifier: MIT */
/* The only place that prints an error and chooses an exit status. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include "base/err.h"

/* Prints the error and its hint. Returns EXIT_USAGE for usage errors, EXIT_SIGNAL + n if signal
 * n ended this command, and EXIT_CCO for everything else. */
int exit_error(const struct err *e);

#endif
