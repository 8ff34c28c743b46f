/* SPDX-License-Identifier: MIT */
/* A part of the relay: handles signals to this process, job control, and the size of its
 * terminal. term/relay.h says which signal has which effect. */
#ifndef TERM_RELAY_SIGNAL_H
#define TERM_RELAY_SIGNAL_H

#include "term/relay.h"

/* Handles the pending signals. Returns RELAY_ENDED if the relay must go on, RELAY_HUNG_UP if
 * this process's terminal leaves, and -1 on error: ERR_CANCELED if the user gave up on an
 * engine that does not answer, or another error if the terminal is lost. */
int relay_take_signals(struct relay *r, struct err *e);

/* Writes the size of this process's terminal to *rows and *cols: of the first of output, error
 * and input that is one. Both are 0 without a terminal. */
void relay_size(const struct relay *r, unsigned *rows, unsigned *cols);

/* Ask the command to end soon. relay_hang_up() sends HUP, because the command's terminal hung
 * up, and sets the deadline (r->leave_deadline) to RELAY_GRACE_MS from now, even if another
 * deadline is set. relay_stop() sends TERM and HUP, because a client asked for it, and sets the
 * deadline to RELAY_STOP_MS from now. If a deadline is set already, relay_stop() does nothing.
 * A second call of either function does nothing. */
void relay_hang_up(struct relay *r);
void relay_stop(struct relay *r);

/* Kills the command, and gives it RELAY_GRACE_MS to end. The caller calls this when the
 * deadline (r->leave_deadline) has passed; `now` is clock_ms(). Returns 0 on success. Returns
 * -1 with ERR_CANCELED, and SIGHUP in e->code, if the command was killed before or if the
 * line has ended. */
int relay_make_leave(struct relay *r, int64_t now, struct err *e);

/* Sets raw mode again after another program has had the terminal, if the command has a
 * terminal. In the background, waits until this process is in the foreground. If this process
 * is asked to end meanwhile, sets r->away instead: the relay then leaves the terminal alone,
 * and its caller calls this function in each turn until the process is in the foreground.
 * Returns 0 on success and -1 if raw mode cannot be set. */
int relay_come_back(struct relay *r, struct err *e);

/* Stops this process like a shell job, with the terminal restored, and blocks until the process
 * is continued. If `by_itself`, the command has stopped itself, and the whole process group of
 * this process stops. Otherwise the command is stopped first, and only this process stops. Then
 * sets raw mode and the size again, and continues the command. Returns 0 on success
 * (RELAY_ENDED) and -1 if raw mode cannot be set. If no process could continue this one, does
 * not stop (sig_stop()). */
int relay_suspend(struct relay *r, bool by_itself, struct err *e);

#endif
