/* SPDX-License-Identifier: MIT */
/* The name of a session that has just ended: the engine may still have its container for a
 * moment, or for good if the engine or cco was killed, and refuses to make another container of
 * that name. */
#ifndef SESSION_NAME_FREE_H
#define SESSION_NAME_FREE_H

#include "session/session_context.h"

/* Removes the container `name` of this user if it does not run, and waits until the engine has
 * removed it, for ten seconds at most. The caller holds the lock of the session `name`, so no
 * other session is about to start the container. Returns true if the engine has no container of
 * this name now. Returns false if the container runs, belongs to another user, or could not be
 * removed. Blocks while the engine is asked. */
bool name_free(struct session_context *ctx, const char *name);

#endif
