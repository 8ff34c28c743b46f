/* SPDX-License-Identifier: MIT */
/* The question whether the user trusts a project whose files would run, set or reach something
 * at the start of a session. */
#ifndef CLI_ASK_TRUST_H
#define CLI_ASK_TRUST_H

#include <stddef.h>

#include "base/err.h"
#include "trust/trust_items.h"

struct app;

/* Decides about the current project before its session starts. If app->facts.trust is
 * TRUST_NEW or TRUST_CHANGED, the options leave the decision to the user, and the user can
 * answer, shows the items and asks. Without a terminal, with claude's -p, and in CI nobody is
 * asked, and --yes is not an answer. Records what cco has seen and what the user has answered;
 * a failure to record is a warning. Sets app->facts.trust to the answer.
 *
 * Returns 1 if app->facts.trust has changed, so that the plan must be built again, and 0 if it
 * has not. Returns -1 with ERR_CANCELED if the user does not want to start, or if a signal or
 * the end of the input came in place of an answer. Blocks until the user answers. */
int ask_trust(struct app *app, struct err *e);

/* Prints the items on stderr, below the line `head`: at most `max`, and how many more there
 * are. */
void ask_trust_show(struct app *app, const char *head, const struct trust_items *t, size_t max);

#endif
