/* SPDX-License-Identifier: MIT */
/* Inside of the relay: when it is over, and how. */
#ifndef TERM_RELAY_END_H
#define TERM_RELAY_END_H

#include "term/relay.h"

/* The command has ended, by init's word or by the engine's. Output may still be on its way. */
bool relay_is_over(const struct relay *r);

/* 1 when everything is over, 0 to go on, -1 where the session is lost. `room`: output can be taken now, so that who says
 * nothing has nothing to say. Asks a silent line for a sign of life. */
int relay_finished(struct relay *r, bool room, struct err *e);

#endif
