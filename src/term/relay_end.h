/* SPDX-License-Identifier: MIT */
/* A part of the relay: when it is over, and how. */
#ifndef TERM_RELAY_END_H
#define TERM_RELAY_END_H

#include "term/relay.h"

/* Returns true if init or the engine has reported the command's end. Output may still come. */
bool relay_is_over(const struct relay *r);

/* Returns 1 if everything is over, 0 if the relay must go on, and -1 if the session is lost.
 * `room` is true if the relay can take output now: only then does silence mean that there is
 * none. Sends a keepalive on a silent line. */
int relay_finished(struct relay *r, bool room, struct err *e);

#endif
