/* SPDX-License-Identifier: MIT */
/* Single requests to a session's server at its socket, for `cco sessions` and `cco stop`
 * (wire/frame.h). */
#ifndef TERM_SESSION_QUERY_H
#define TERM_SESSION_QUERY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* How long a server may take to answer. */
enum { SESSION_QUERY_MS = 2000 };

/* Asks the session to describe itself. Does not wait, so that many sessions can be asked at
 * once. Returns a descriptor for session_query_answer(), or -1 with the error of
 * unix_socket_connect(). */
int session_query_ask(const char *path, struct err *e);

/* Waits until deadline_ms (clock_ms()) for the answer on fd, one JSON object, and adds it to
 * out. Closes fd. Returns 0 on success and -1 on error: ERR_TIMEOUT if the server is stopped or
 * busy, ERR_EOF if the session ended meanwhile. Blocks until deadline_ms at most. */
int session_query_answer(int fd, int64_t deadline_ms, struct buf *out, struct err *e);

/* Asks the session to end and waits until its server has closed the connection. Returns 0 on
 * success and -1 on error; ERR_TIMEOUT means that this took longer than timeout_ms. */
int session_query_stop(const char *path, int timeout_ms, struct err *e);

#endif
