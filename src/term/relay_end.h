/* SPDX-License-Identifier: MIT */
/* A part of the relay: decides when the relay is over, and with which result. */
#ifndef TERM_RELAY_END_H
#define TERM_RELAY_END_H

#include "term/relay.h"

/* Returns true if init or the engine has reported the command's end. Output may still come. */
bool relay_is_over(const struct relay *r);

/* Decides at the beginning of a turn whether the loop ends. `room` says whether the relay has
 * room for output now. If it has none, it does not read the line, so silence does not mean that
 * the engine is lost or that output is late. Sends a keepalive on a silent line, the exit frame
 * to the session's clients, and KILL to a command that did not end in time. Returns 1 if
 * everything is over, 0 if the relay must go on, and -1 on error, with the errors of
 * relay_run(). Does not block. */
int relay_finished(struct relay *r, bool room, struct err *e);

#endif
