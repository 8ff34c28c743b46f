/* SPDX-License-Identifier: MIT */
/* Refuses options and commands that the engine does not have the feature for. The row of an
 * option or a command (cli/options.h) names the feature that it needs, and the row of an engine
 * has the set of its features (enum engine_feature in engine/engine.h). Pure. */
#ifndef CLI_FEATURES_H
#define CLI_FEATURES_H

#include "cli/options.h"
#include "engine/engine.h"

/* Returns the feature that the option needs with its value in *o. Returns 0 if the option is
 * not set, or if it needs no feature with this value: if the row has a `needs_choice`, only
 * that choice needs the feature. */
unsigned features_needed(const struct option *opt, const struct opts *o);

/* Searches the options that are set in *o and that `command` takes for options whose feature is
 * not in the set `features`. Returns the one whose feature is first in enum engine_feature, so
 * that a message names one option at a time. Returns NULL if `features` has them all. */
const struct option *features_lacking(const struct opts *o, enum opts_command command,
                                      unsigned features);

/* Returns a text for help, in the arena: which engines have the feature that the option needs,
 * and for each other engine why it lacks the feature. The option must need a feature. */
const char *features_text(const struct option *opt, struct arena *a);

/* Returns 0 if the engine that *o chooses has the feature that its command needs, or if the
 * command needs none. Otherwise returns -1 with ERR_USAGE; the hint names an engine that has
 * the feature. */
int features_check_command(const struct opts *o, struct arena *a, struct err *e);

/* Adds an item to `out` for each configured option that is ignored (o->ignored), because the
 * engine that *o chooses lacks its feature. The strings live in the arena. */
void features_tell_ignored(const struct opts *o, struct arena *a, struct missing *out);

/* Returns 0 if the engine with the row `ops` has the features of all options that are set in *o
 * and that `command` takes. Otherwise returns -1 with an error that names one option:
 * ERR_USAGE if native->no_engine is NULL, that is, if the user chose this engine; ERR_NOT_FOUND
 * if cco fell back to this engine, because it found no other. native->no_engine is the reason,
 * with which the message begins. */
int features_check_options(const struct opts *o, enum opts_command command,
                           const struct engine_ops *ops, const struct fact_native *native,
                           struct err *e);

#endif
