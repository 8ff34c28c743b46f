/* SPDX-License-Identifier: MIT */
/* The words that options accept as their values. The rows of option_table.c name these lists.
 */
#ifndef CLI_OPTION_CHOICE_H
#define CLI_OPTION_CHOICE_H

#include "cli/choice.h"

extern const struct choice choice_networks[];  /* --network: enum opts_network */
extern const struct choice choice_engines[];   /* --engine: enum opts_engine */
extern const struct choice choice_terminals[]; /* --terminal: enum opts_terminal */
extern const struct choice choice_full[];      /* --require: a bool */
extern const struct choice
    choice_sync[]; /* --sync: enum opts_sync; "all" is a word of its own */
extern const struct choice choice_trust[]; /* trust in the configuration: enum opts_trust */

#endif
