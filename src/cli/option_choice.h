/* SPDX-License-Identifier: MIT */
/* The words that options accept as their values. The rows of option_table.c name these lists.
 */
#ifndef CLI_OPTION_CHOICE_H
#define CLI_OPTION_CHOICE_H

#include "cli/choice.h"

extern const struct choice choice_networks[];  /* --network: enum opts_network */
extern const struct choice choice_engines[];   /* --engine: enum opts_engine */
extern const struct choice choice_terminals[]; /* --terminal: enum opts_terminal */
extern const struct choice choice_full[];      /* --require: true */
/* --sync: enum opts_sync. "all" also includes the files that git ignores (option_value.c). */
extern const struct choice choice_sync[];
/* `trust` in the configuration: enum opts_trust */
extern const struct choice choice_trust[];

#endif
