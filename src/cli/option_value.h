/* SPDX-License-Identifier: MIT */
/* Values of cco's own options: checked, and put where they belong. */
#ifndef CLI_OPTION_VALUE_H
#define CLI_OPTION_VALUE_H

#include "cli/options.h"

/* ERR_USAGE naming the option, with an example of the right form. Returns -1. */
int option_usage(struct err *e, const struct option *opt, const char *what);

/* `value` is borrowed for as long as *o lives. ERR_USAGE; *o may hold a part of a list then. */
int option_set_value(struct arena *a, struct opts *o, const struct option *opt,
                     const char *value, struct err *e);

#endif
