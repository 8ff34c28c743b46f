/* SPDX-License-Identifier: MIT */
/* Connects a terminal with a session that runs already: as a client of the session server or,
 * if the session's process was killed, by becoming its process (adoption). */
#ifndef SESSION_SESSION_ATTACH_H
#define SESSION_SESSION_ATTACH_H

#include "session/sessions.h"

/* Connects this process's terminal with the session server of `f`, whose `sock` must not be
 * NULL. With --read-only the terminal shows the session but sends no input; with --wait the
 * function needs no terminal and only waits for the end. Returns the exit status of the
 * command, or that of session_left_status() (session_serve.h) if the terminal leaves before.
 * Returns -1 on error; if the connection broke while the session was shown, the error has a
 * hint. Restores the terminal's state in any case. Blocks until the session has ended or the
 * terminal has left. */
int session_attach(struct session_context *ctx, const struct session_found *f, struct err *e);

/* Adopts the session `f`, whose process was killed: takes its session directory, connects with
 * its init, serves the session to its end as the first process would have done, and ends it
 * (session_end()). Returns an exit status or -1 as session_serve() does, and like that function
 * it may return twice, in this process and in a child. For a session in a container, the caller
 * has opened its engine in ctx->engine (sessions_find() does). For a native session,
 * ctx->engine becomes the native engine.
 *
 * Sets *taken to whether another process has taken the session in the meantime; the function
 * then returns -1 (ERR_TIMEOUT), and the caller can attach to the session. If init cannot be
 * reached, or this process cannot begin to serve the session, the session is unchanged, and a
 * later cco may adopt it. After a later error the session has ended, unless the connection to
 * the engine was lost (SESSION_LOST). Blocks until the session has ended or its terminal has
 * left. */
int session_adopt(struct session_context *ctx, const struct session_found *f, bool *taken,
                  struct err *e);

#endif
