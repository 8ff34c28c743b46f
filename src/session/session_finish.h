/* SPDX-License-Identifier: MIT */
/* Finishes a session that has ended: brings its login and its .claude.json to the host. The
 * functions need only the session directory, so the process that ran the session can call them
 * or, if that was killed, the next cco. Each step can be repeated. */
#ifndef SESSION_SESSION_FINISH_H
#define SESSION_SESSION_FINISH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* Writes .claude.json as init returned it (`returned_file`) into the session directory `dir`,
 * for session_finish(), which merges it. Returns 0 on success and -1 on error. Writes nothing
 * and returns 0 if the sandbox has not changed the file, or if the copy that the sandbox
 * started with (the base) cannot be read, because nothing can be merged without it. */
int session_keep_returned(const char *dir, struct str returned_file, struct err *e);

/* Exchanges the login for the last time (exchange_finish()), merges .claude.json
 * (claude_merge_file()), exchanges the state of the project's conversations (parts_exchange()),
 * and adds the session's notes to `notes`, with the strings in the
 * arena. If .claude.json cannot be merged, that is also a line in `notes`. `env` is the
 * environment of the Keychain's program.
 *
 * Returns 0 on success. Returns -1 only if a login that the sandbox has renewed could not be
 * brought to the host; the caller must then keep the session directory, so that the next cco
 * tries again. Blocks as exchange_finish() and claude_merge_file() do, for a limited time. */
int session_finish(const char *dir, char *const *env, struct arena *a, struct strv *notes,
                   struct err *e);

#endif
