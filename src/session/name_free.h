/* SPDX-License-Identifier: MIT */
/* The name of a session that has just ended: the engine may still have its container for a
 * moment, or for good if the engine or cco was killed, and refuses to make another container of
 * that name. */
#ifndef SESSION_NAME_FREE_H
#define SESSION_NAME_FREE_H

#include "session/session_context.h"

/* Waits until the container `name` of this user does not run, because the end of a session is
 * known before its container has stopped. Then removes the container, and waits until the
 * engine has removed it. The caller holds the lock of the session `name`, so no other session
 * is about to start the container. Returns true if the engine lists no container of this name
 * for this user, so that another try may succeed; if it did not list one before, the name may
 * also be another user's. Returns false if the container still runs or could not be removed, or
 * if the engine does not answer. Blocks for up to 10 seconds, or 3 seconds if the container
 * does not stop, and for as long as the engine needs for its answers. */
bool name_free(struct session_context *ctx, const char *name);

#endif
