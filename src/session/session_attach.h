/* SPDX-License-Identifier: MIT */
/* A terminal that comes to a session: as a client of its server; or, if its process was killed,
 * by taking its place. */
#ifndef SESSION_SESSION_ATTACH_H
#define SESSION_SESSION_ATTACH_H

#include "session/sessions.h"

/* Connects this process's terminal with the session server of `f`; --wait only waits for its
 * status, --read-only only looks. Returns the exit status: the command's, or as
 * session_left_status(). Returns -1 on error; if the server was lost while the session was
 * shown, the error has a hint. Afterwards the terminal is as it was. Blocks until the session
 * has ended or the terminal has left. */
int session_attach(struct session_context *ctx, const struct session_found *f, struct err *e);

/* Adopts the session `f`, whose process was killed: takes its directory, connects with its
 * init, and serves the session to its end as the process that made it would have. Returns as
 * session_serve(), also in a child. Sets *taken if another process has taken the session in the
 * meantime: it can be attached to then. If its init cannot be reached, or this process cannot
 * begin to serve it, the session stays as it was, and a later cco may adopt it. After a later
 * error it has ended, except if the engine was lost (SESSION_LOST). Blocks. */
int session_adopt(struct session_context *ctx, const struct session_found *f, bool *taken,
                  struct err *e);

#endif
