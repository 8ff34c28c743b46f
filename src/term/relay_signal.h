/* SPDX-License-Identifier: MIT */
/* A part of the relay: signals to this process, job control, and the size of its terminal. */
#ifndef TERM_RELAY_SIGNAL_H
#define TERM_RELAY_SIGNAL_H

#include "term/relay.h"

/* Handles the pending signals. Returns RELAY_ENDED if the relay must go on, RELAY_HUNG_UP, or
 * -1 on error: canceled by the user, or the terminal is lost. */
int relay_take_signals(struct relay *r, struct err *e);

/* Ask the command to end soon: because its terminal hung up, or because a client asked for it.
 */
void relay_hang_up(struct relay *r);
void relay_stop(struct relay *r);

/* To be called if the command has not ended in time: kills it. Returns 0, and -1 with
 * ERR_CANCELED if it was killed before. */
int relay_make_leave(struct relay *r, int64_t now, struct err *e);

/* Stops this process, like a shell job, until it is continued. Stops the command first unless
 * it has stopped itself (by_itself). Returns like relay_take_signals(). */
int relay_suspend(struct relay *r, bool by_itself, struct err *e);

#endif
