/* SPDX-License-Identifier: MIT */
/* Which engine runs the sessions of this process. Sets ctx->engine and ctx->facts->engine. The
 * facts of this machine have to be there before. */
#ifndef SESSION_SESSION_ENGINE_H
#define SESSION_SESSION_ENGINE_H

#include "session/session_context.h"

/* Identifies cco's own image if the engine of --engine has images and --image does not name
 * another one, then finds and probes that engine. If --engine is auto, no engine was named and
 * none was found, then claude and shell use the native one; facts->native.no_engine says why.
 * Returns 0 on success and -1 on error. Blocks until the engine answers or its timeout is
 * over. */
int session_engine_open(struct session_context *ctx, struct err *e);

/* Finds the engine of the row `ops` and asks for its version and abilities. CCO_ENGINE_FILES
 * overrides whether an engine that may run on another machine sees this machine's files.
 * Returns 0 on success and -1 on error. Blocks as session_engine_open(). */
int session_engine_connect(struct session_context *ctx, const struct engine_ops *ops,
                           struct err *e);

/* Uses cco's own sandbox. Never fails: what this machine does not allow is found when the
 * sandbox is made. */
void session_engine_native(struct session_context *ctx);

/* Returns whether the native engine may be used after session_engine_connect() has failed with
 * `e`: --engine is auto, the user has named no engine, and nothing answered. An engine that
 * answers wrongly or too slowly is an engine. */
bool session_engine_goes_native(const struct session_context *ctx, const struct err *e);

/* Lists this user's containers with engine_list(), and opens the engine before if that was not
 * done yet. Returns 0 on success and -1 on error. Blocks while the engine is asked. */
int session_engine_list(struct session_context *ctx, struct engine_found **out, size_t *count,
                        struct err *e);

#endif
