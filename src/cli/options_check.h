/* SPDX-License-Identifier: MIT */
/* A part of the parser: the rules that need the whole command line. Pure. */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "cli/options.h"

/* Sets ERR_USAGE with the message that the command takes fewer words than it got. `word` is the
 * first that is too many. Always returns -1. */
int options_too_many(const struct command *c, const char *word, struct arena *a, struct err *e);

/* Sets ERR_USAGE with the message that the command does not take this option of cco's. The hint
 * says where the option belongs. Always returns -1. */
int options_not_taken(const struct option *opt, const struct command *c, struct arena *a,
                      struct err *e);

/* Checks a parsed command line. *o has the options of the configuration, the environment and
 * the command line; `bits` has the bit (option_bit()) of each option on the command line, and
 * the others count as configured. These are refused with ERR_USAGE and a hint:
 *
 * - too many or too few words after the command, or a word that is not one of its choices;
 * - an option on the command line that the command does not take;
 * - two options on the command line that exclude each other;
 * - --publish and --network on the command line, if the network is not bridge.
 *
 * Configured options are never refused. The function changes *o instead:
 *
 * - an engine that the user has chosen unsets configured options whose feature it lacks, and
 *   notes them in o->ignored;
 * - an option unsets configured options that it excludes, and the command line has precedence;
 * - a configured option that excludes others is unset if the command does not take it;
 * - a port to publish sets the network to bridge, unless --network on the command line names
 *   another network, which unsets the configured ports.
 *
 * Returns 0 on success and -1 on error; a part of the changes may then have been made. */
int options_check(struct opts *o, uint64_t bits, struct arena *a, struct err *e);

#endif
