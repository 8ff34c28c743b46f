/* SPDX-License-Identifier: MIT */
/* Bringing a project and what a remote engine keeps of it in step, outside of a session's own
 * start and end. */
#ifndef SESSION_REMOTE_SYNC_H
#define SESSION_REMOTE_SYNC_H

#include "session/remote_files.h"
#include "session/session_context.h"

/* Synchronizes the current project with the engine that is open in ctx: in the container of a
 * session of it that runs, else in a container of its own, in which nothing but init runs. Sets
 * *has to whether the engine has anything of this project; without it nothing is done, and
 * run->report stays empty. With run->look nothing is changed and the report says what would be.
 * Returns 0 on success and -1 on error: ERR_NOT_FOUND if a container is needed and the engine
 * does not have the image. Blocks until all is transferred; signals end it (ERR_CANCELED). */
int remote_sync_project(struct session_context *ctx, struct remote_sync *run, bool *has,
                        struct err *e);

#endif
