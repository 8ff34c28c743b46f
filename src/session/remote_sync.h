/* SPDX-License-Identifier: MIT */
/* Synchronizes a project with the files that a remote engine keeps of it, when no session
 * starts or ends. */
#ifndef SESSION_REMOTE_SYNC_H
#define SESSION_REMOTE_SYNC_H

#include "session/remote_files.h"
#include "session/session_context.h"

/* Synchronizes the current project with the engine that is open in ctx. Uses the container of a
 * running session of this project; if there is none, makes a container for this purpose, in
 * which only init runs, and removes it again. Sets *has to whether the engine has a volume of
 * this project; if it has none, nothing is done and run->report stays empty. `run` is as in
 * remote_files_sync(). Sets ctx->facts->engine.kind to SANDBOX_REMOTE_CONTAINER.
 *
 * Returns 0 on success and -1 on error. ERR_NOT_FOUND means that a container is needed and the
 * engine does not have the image; ERR_CANCELED means that a signal ended it. Blocks until
 * everything is transferred. */
int remote_sync_project(struct session_context *ctx, struct remote_sync *run, bool *has,
                        struct err *e);

#endif
