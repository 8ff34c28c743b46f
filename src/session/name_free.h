/* SPDX-License-Identifier: MIT */
/* The name of a session that has just ended: the engine may still have its container for a
 * moment, or for good if the engine or cco was killed, and refuses to make another container of
 * that name. */
#ifndef SESSION_NAME_FREE_H
#define SESSION_NAME_FREE_H

#include "session/session_context.h"

/* Waits until the container `name` of this user does not run, for three seconds at most,
 * because the end of a session is known before its container has stopped. Removes it then, and
 * waits until the engine has removed it, for ten seconds at most. The caller holds the lock of
 * the session `name`, so no other session is about to start the container. Returns true if the
 * engine lists no container of this name for this user, so that another try may succeed; if it
 * did not list one before, the name may also be another user's. Returns false if the container
 * runs or could not be removed, or the engine does not answer. Blocks while the engine is
 * asked, and for a moment.
 */
bool name_free(struct session_context *ctx, const char *name);

#endif
