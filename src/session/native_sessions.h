/* SPDX-License-Identifier: MIT */
/* Sessions of the native engine, which keeps no list. Their session directories say which
 * process their init is, and the kernel knows whether it still runs. */
#ifndef SESSION_NATIVE_SESSIONS_H
#define SESSION_NATIVE_SESSIONS_H

#include "engine/engine.h"
#include "session/session_dir.h"

/* Returns whether the sandbox of the native session *s runs. Returns false for a session of
 * another engine. */
bool native_session_runs(const struct session_dir_found *s);

/* Adds those of the `count` sessions `all` that are native and run to the containers that an
 * engine has listed. Replaces *list by a new list in the arena and *list_count by its length.
 * The new items have no id (NULL) and share their strings with `all`. */
void native_sessions_add(struct arena *a, const struct session_dir_found *all, size_t count,
                         struct engine_found **list, size_t *list_count);

/* Returns whether only an engine knows whether one of these sessions still runs: the session
 * has lost its process and is not native (session_dir_is_lost()). */
bool native_sessions_need_engine(const struct session_dir_found *all, size_t count);

/* Ends the native session `name` with all its processes, and leaves its files. Returns 0 on
 * success, also if the session has ended already or is not in the list, and -1 on error. Blocks
 * until it has ended. */
int native_session_end(const struct session_dir_found *all, size_t count, const char *name,
                       struct err *e);

#endif
