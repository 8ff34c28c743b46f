/* SPDX-License-Identifier: MIT */
/* The one place that prints an error and picks an exit status. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include "base/err.h"

enum { EXIT_USAGE = 2, EXIT_CCO = 125 };

/* Prints the error and its hint, and returns 2 for usage errors,
 * 128+n where signal n ended us, 125 for everything else. */
int exit_error(const struct err *e);

#endif
