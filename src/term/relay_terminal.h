/* SPDX-License-Identifier: MIT */
/* A part of the relay: what the command's output may do to terminals, and what this process's
 * terminal needs before another program uses it (also relay_restore_terminal() in
 * term/relay.h). */
#ifndef TERM_RELAY_TERMINAL_H
#define TERM_RELAY_TERMINAL_H

#include "term/relay.h"

/* Prepares the filters (r->safe) and finds out which descriptors are terminals. Part of
 * relay_open(). */
void relay_open_terminal(struct relay *r);

/* Frees what relay_open_terminal() has allocated. Part of relay_close(). */
void relay_close_terminal(struct relay *r);

/* Passes output of the command, FRAME_ERROUT or FRAME_OUTPUT, to every terminal, or to the
 * pipes. What a terminal gets is filtered, if that was chosen, and watched. Does not block. */
void relay_deliver(struct relay *r, enum frame_type type, struct str bytes);

/* Makes text readable on this process's terminal, which the shell uses while the command is
 * stopped, and discards late answers. Does nothing if this process has no terminal. Blocks like
 * relay_restore_terminal(). */
void relay_rest_terminal(struct relay *r);

/* relay_follow_modes() gives this process's terminal the modes of the side terminal, if that is
 * the input of the command and its master is here: then relay_follows_modes() returns true, and
 * the caller calls it every SIDE_MODES_MS (term/side_modes.h). */
bool relay_follows_modes(const struct relay *r);
void relay_follow_modes(struct relay *r);

/* Closes the command's output after its reader has closed ours. As in a pipeline, the command
 * gets SIGPIPE when it writes. */
void relay_pass_broken_pipe(struct relay *r);

#endif
