/* SPDX-License-Identifier: MIT */
/* Sessions of no engine: nobody knows of them but the notes in their directories, and the kernel. */
#ifndef SESSION_NATIVE_SESSIONS_H
#define SESSION_NATIVE_SESSIONS_H

#include "engine/engine.h"
#include "session/session_dir.h"

/* Whether its sandbox is there. */
bool native_session_runs(const struct session_dir_found *s);

/* Adds those that run to what an engine told of, in the arena; they have no id. */
void native_sessions_add(struct arena *a, const struct session_dir_found *all, size_t count,
                         struct engine_found **list, size_t *list_count);

/* Whether there is one that has lost its process and that only an engine could tell of. */
bool native_sessions_lack(const struct session_dir_found *all, size_t count);

/* Ends the one of this name, with everything in it. One that has ended is success. */
int native_session_end(const struct session_dir_found *all, size_t count, const char *name,
                       struct err *e);

#endif
