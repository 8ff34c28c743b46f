/* SPDX-License-Identifier: MIT */
/* Ends a session from another process than its own. */
#ifndef SESSION_SESSION_STOP_H
#define SESSION_SESSION_STOP_H

#include "session/sessions.h"

/* Ends the session `f` and all processes in its sandbox. The function first asks the session's
 * own process to end it and to clean up, and waits for that (30 seconds at most; three seconds
 * if the session is busy). If no such process exists or it does not answer, the function ends
 * the sandbox itself, by the engine or natively by killing init, and sweeps the session
 * (sessions_sweep()). Returns 0 on success and -1 on error. Blocks until the session has
 * ended. */
int session_stop(struct session_context *ctx, const struct session_found *f, struct err *e);

#endif
