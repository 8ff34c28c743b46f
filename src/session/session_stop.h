/* SPDX-License-Identifier: MIT */
/* Ends a session from another process than its own. */
#ifndef SESSION_SESSION_STOP_H
#define SESSION_SESSION_STOP_H

#include "session/sessions.h"

enum { SESSION_STOP_MS = 30000 }; /* how long a session may take to end */

/* Ends the session `f` and all processes in its sandbox. The function first asks the session's
 * own process to end it and to clean up, and waits for that (SESSION_STOP_MS at most; three
 * seconds if the session is busy). If no such process exists or it does not answer, the
 * function ends the sandbox itself, by the engine or natively by killing init, and sweeps the
 * session (sessions_sweep()). A process that is stopped is continued first; this is not
 * possible if another process than the first one serves the session. Returns 0 on success and
 * -1 on error. After a success the session and its files are gone, and another session can have
 * its name; if its process is still stopped, only the sandbox has ended, and the function
 * prints a warning. Prints a line if it takes longer than a second. Blocks until the session
 * has ended. */
int session_stop(struct session_context *ctx, const struct session_found *f, struct err *e);

/* Asks the session server at the socket `sock` to end the session `name`, and waits until the
 * session is gone: no process holds the lock `lock`. Prints a line if it takes longer than a
 * second. Returns 0 on success and -1 on error: ERR_TIMEOUT if the session still exists after
 * timeout_ms, or the errors of session_query_stop(). */
int session_stop_gently(const char *name, const char *sock, const char *lock, int timeout_ms,
                        struct err *e);

#endif
