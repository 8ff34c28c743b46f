/* SPDX-License-Identifier: MIT */
/* Part of the parser: the rules that need all words of the command line. Pure. */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "cli/options.h"

/* Sets ERR_USAGE: `word` is one word more than the command takes. Returns -1. */
int options_too_many(const struct command *c, const char *word, struct arena *a, struct err *e);

/* Checks the words of the command, that it takes each option, and that no two options exclude
 * each other. An option on the command line overrides the configured options that conflict with
 * it: they are unset. `bits` has the bit (option_bit) of each option that stands on the command
 * line. Returns 0 on success and -1 with ERR_USAGE on error. */
int options_check(struct opts *o, uint64_t bits, struct arena *a, struct err *e);

#endif
