/* SPDX-License-Identifier: MIT */
/* Sessions of the native engine. Only the notes in their directories and the kernel know of
 * them. */
#ifndef SESSION_NATIVE_SESSIONS_H
#define SESSION_NATIVE_SESSIONS_H

#include "engine/engine.h"
#include "session/session_dir.h"

/* Returns whether the sandbox of a native session runs; false for any other session. */
bool native_session_runs(const struct session_dir_found *s);

/* Adds the native sessions that run to the containers that an engine has listed; they have no
 * id. *list becomes a new list in the arena, and *list_count its length. */
void native_sessions_add(struct arena *a, const struct session_dir_found *all, size_t count,
                         struct engine_found **list, size_t *list_count);

/* Returns whether any of these sessions has lost its process and only an engine knows whether
 * its container runs (session_dir_is_lost()). */
bool native_sessions_lack(const struct session_dir_found *all, size_t count);

/* Ends the native session of this name, with everything in it, and leaves its files. Returns 0
 * on success, also if it has ended already or is not in the list, and -1 on error. Blocks until
 * it has ended. */
int native_session_end(const struct session_dir_found *all, size_t count, const char *name,
                       struct err *e);

#endif
