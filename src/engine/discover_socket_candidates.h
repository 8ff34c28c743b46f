/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the sockets at which an engine of this machine may listen, for
 * users who name no engine. */
#ifndef ENGINE_DISCOVER_SOCKET_CANDIDATES_H
#define ENGINE_DISCOVER_SOCKET_CANDIDATES_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/engine.h"

/* How long a known socket may be silent before the next one is tried. */
enum { SOCKET_CANDIDATE_MS = 2000 };

/* Adds an entry to en->passed; the texts are borrowed. `errnum` is an errno or 0. `quiet`: the
 * address is not there or not set, so messages leave it out. Does nothing if en->passed is
 * full. */
void engine_pass(struct engine *en, const char *address, const char *reason, int errnum,
                 bool quiet);

/* Adds a hint to the error of a socket that cannot be used: what to do, by the reason. Does
 * nothing if the error has a hint already. */
void engine_advise(const struct engine *en, struct err *e);

/* Finds the first known socket at which an engine answers a ping, connects en to it and sets
 * en->ping. A socket that is silent for SOCKET_CANDIDATE_MS is tried again if no other one
 * answers. Returns 0 on success and -1 on error: that of a socket which exists but cannot be
 * used, else ERR_NOT_FOUND. */
int socket_candidates_find(struct engine *en, const struct engine_env *env, struct arena *a,
                           struct err *e);

#endif
