/* SPDX-License-Identifier: MIT */
/* Session queries: single requests to a session server at its socket, for `cco sessions` and
 * `cco stop` (src/wire/PROTOCOL.md). */
#ifndef TERM_SESSION_QUERY_H
#define TERM_SESSION_QUERY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* How long callers usually wait for a server's answer. */
enum { SESSION_QUERY_MS = 2000 };

/* Connects to the session socket at `path` and asks the session to describe itself. Does not
 * wait for the answer, so that many sessions can be asked at once. Returns a descriptor for
 * session_query_answer(), which closes it. Returns -1 on error: the errors of
 * unix_socket_connect(), or ERR_SYS if the request cannot be sent. */
int session_query_ask(const char *path, struct err *e);

/* Waits for the answer on `fd` and adds it to `out`, which must have room for FRAME_MAX bytes:
 * one JSON object. Closes `fd` in any case. Blocks until deadline_ms (as clock_ms()) at most.
 * Returns 0 on success and -1 on error: ERR_TIMEOUT if the server is stopped or busy, ERR_EOF
 * if the session ended meanwhile, ERR_FORMAT if the answer is not a valid frame. */
int session_query_answer(int fd, int64_t deadline_ms, struct buf *out, struct err *e);

/* Asks the session to end. Does not wait for that. Returns the connection, which the caller
 * closes once the session has ended. Returns -1 on error: ERR_SYS if the request cannot be
 * sent, or the errors of session_query_ask(). */
int session_query_stop(const char *path, struct err *e);

#endif
