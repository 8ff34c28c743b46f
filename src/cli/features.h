/* SPDX-License-Identifier: MIT */
/* Refuses what the chosen engine cannot do. The row of an option or a command names the feature
 * that it needs, and the row of an engine the features that it has (engine/engine.h). Pure. */
#ifndef CLI_FEATURES_H
#define CLI_FEATURES_H

#include "cli/options.h"
#include "engine/engine.h"

/* Returns the feature that the option needs with the value that it has in *o; 0 if it needs
 * none or is not set. */
unsigned features_needed(const struct option *opt, const struct opts *o);

/* Returns the option of the first feature that `command` would need with these options and that
 * is not in `features`. NULL if there is none. */
const struct option *features_lacking(const struct opts *o, enum opts_command command,
                                      unsigned features);

/* Describes which engines have the feature that the option needs, and why others lack it, in
 * the arena. The option needs one. */
const char *features_text(const struct option *opt, struct arena *a);

/* Returns 0 if the engine has the feature that the command needs, else -1: ERR_USAGE. */
int features_check_command(const struct command *c, const struct engine_ops *ops,
                           struct arena *a, struct err *e);

/* Returns 0 if the engine has all features that `command` needs with these options, else -1:
 * ERR_USAGE, or ERR_NOT_FOUND if the user did not choose the engine; native->no_engine says why
 * it is used. */
int features_check_options(const struct opts *o, enum opts_command command,
                           const struct engine_ops *ops, const struct fact_native *native,
                           struct err *e);

#endif
