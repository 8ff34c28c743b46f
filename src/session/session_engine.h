/* SPDX-License-Identifier: MIT */
/* Finds the engine that runs the sessions of this process, and fills in ctx->engine and
 * ctx->facts->engine. The caller has probed this machine before (host/probe.h). After an error
 * of a function, both may be filled in part. The owner of ctx->engine calls engine_close() in
 * any case. */
#ifndef SESSION_SESSION_ENGINE_H
#define SESSION_SESSION_ENGINE_H

#include "session/session_context.h"

/* Finds and probes the engine that --engine names (session_engine_connect()). If that engine
 * has images and --image is not set, identifies cco's own image before (own_image_identify()).
 * If no engine answers and the native one may be used instead (session_engine_goes_native()),
 * the commands claude and shell use the native engine; facts->native.no_engine then has the
 * reason. Returns 0 on success and -1 on error. Blocks until the engine answers or its timeout
 * is over. */
int session_engine_open(struct session_context *ctx, struct err *e);

/* Finds the engine of the row `ops` and asks for its version and features. For an engine that
 * can synchronize files, the variable CCO_ENGINE_FILES ("local" or "remote") overrides whether
 * it sees this machine's files. Returns 0 on success and -1 on error; ERR_USAGE means that this
 * variable has another value. Blocks as session_engine_open() does. */
int session_engine_connect(struct session_context *ctx, const struct engine_ops *ops,
                           struct err *e);

/* Uses the native engine. Cannot fail: whether this machine allows native sandboxes is found
 * out when a sandbox is made. */
void session_engine_native(struct session_context *ctx);

/* Returns whether the native engine may be used after session_engine_connect() has failed with
 * `e`: --engine is auto, the user has named no engine (for example by DOCKER_HOST), and no
 * engine answered. An engine that answers with an error or too slowly exists, so the result is
 * then false. */
bool session_engine_goes_native(const struct session_context *ctx, const struct err *e);

/* Lists this user's containers with engine_list(), in ctx->arena. Opens the engine first if it
 * is not open (session_engine_open()). Returns 0 on success and -1 on error. Blocks while the
 * engine is asked. */
int session_engine_list(struct session_context *ctx, struct engine_found **out, size_t *count,
                        struct err *e);

#endif
