/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the places where an engine of this machine may listen, for where nothing says which. */
#ifndef ENGINE_DISCOVER_SOCKET_CANDIDATES_H
#define ENGINE_DISCOVER_SOCKET_CANDIDATES_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/engine.h"

/* How long a known socket may be silent while there are others to try. */
enum { SOCKET_CANDIDATE_MS = 2000 };

/* Notes what was looked at and is not the one. `quiet`: nothing that a person needs to be told. */
void engine_pass(struct engine *en, const char *address, const char *reason, int errnum,
                 bool quiet);

/* What to do about a socket that cannot be used, by the reason; nothing where the error has a hint. */
void engine_advise(const struct engine *en, struct err *e);

/* The first known socket where an engine answers a ping: connected then, and en->ping is filled in. One that takes
 * longer than SOCKET_CANDIDATE_MS is passed over, and waited for when no other answers. Otherwise the error of what is there but
 * cannot be used, or ERR_NOT_FOUND. */
int socket_candidates_find(struct engine *en, const struct engine_env *env, struct arena *a,
                           struct err *e);

#endif
