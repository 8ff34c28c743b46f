/* SPDX-License-Identifier: MIT */
/* Inside of the parser: what shows only when every word was read. Pure. */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "cli/options.h"

/* ERR_USAGE: this word is one too many. Returns -1. */
int options_too_many(const struct command *c, const char *word, struct arena *a, struct err *e);

/* Words, options that do not suit the command, and those that exclude each other: where one of the two is the
 * configuration's, it gives way. `bits`: one (by enum option_id) for each that stood on the command line. */
int options_check(struct opts *o, uint64_t bits, struct arena *a, struct err *e);

#endif
