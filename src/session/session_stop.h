/* SPDX-License-Identifier: MIT */
/* Ending a session from another process. */
#ifndef SESSION_SESSION_STOP_H
#define SESSION_SESSION_STOP_H

#include "session/sessions.h"

/* Ends the session `f` and everything in it. Its own process is asked first, and cleans up. If
 * there is none or it does not answer, the session is ended by its init or by the engine, and
 * swept. Returns 0 on success and -1 on error. Blocks until its process has ended, or for a
 * limited time. */
int session_stop(struct session_context *ctx, const struct session_found *f, struct err *e);

#endif
