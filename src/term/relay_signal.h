/* SPDX-License-Identifier: MIT */
/* Inside of the relay: signals that come to this process, job control, the size of its terminal. */
#ifndef TERM_RELAY_SIGNAL_H
#define TERM_RELAY_SIGNAL_H

#include "term/relay.h"

/* Takes those that wait. RELAY_ENDED to go on, RELAY_HUNG_UP, or -1: canceled, or the terminal is lost. */
int relay_take_signals(struct relay *r, struct err *e);

/* The command should end soon: its terminal has gone, or somebody wants it to stop. */
void relay_hang_up(struct relay *r);
void relay_stop(struct relay *r);

/* It has not, in time: kills it, and the next time gives up: -1, ERR_CANCELED. */
int relay_make_leave(struct relay *r, int64_t now, struct err *e);

/* Stops as a job does, until it is continued. The command has stopped itself, or is stopped first. */
int relay_suspend(struct relay *r, bool by_itself, struct err *e);

#endif
