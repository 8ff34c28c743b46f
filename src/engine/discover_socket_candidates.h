/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: looks for an engine at the known sockets of this machine if the
 * user has named no engine. */
#ifndef ENGINE_DISCOVER_SOCKET_CANDIDATES_H
#define ENGINE_DISCOVER_SOCKET_CANDIDATES_H

#include "base/arena.h"
#include "base/err.h"
#include "engine/engine.h"

/* The time in ms after which cco tries the next known socket if one does not answer. */
enum { SOCKET_CANDIDATE_MS = 2000 };

/* Adds an entry to en->passed, which lists where discovery looked without success; the
 * arguments are the members of struct engine_passed, and the texts are borrowed. Does nothing
 * if en->passed is full. */
void engine_pass(struct engine *en, const char *address, const char *reason, int errnum,
                 bool quiet);

/* Adds a hint to *e, the error of an engine at a unix socket that cannot be used: the hint says
 * what the user can do about this reason. Does nothing if *e has a hint already, or if the
 * engine is not at a unix socket. */
void engine_advise(const struct engine *en, struct err *e);

/* Finds the first known socket at which an engine answers a ping, connects en to it, and sets
 * en->endpoint, en->address, en->chosen and en->ping. The other sockets are added to
 * en->passed. If no engine answers, cco waits at the first socket that did not answer within
 * SOCKET_CANDIDATE_MS, for the engine's timeout at most. Returns 0 on success and -1 on error:
 * ERR_CANCELED at a signal, otherwise the error of the first socket that exists but cannot be
 * used, or ERR_NOT_FOUND if there is none. After an error, en->endpoint and en->address are
 * those of the socket that the error is about; after ERR_NOT_FOUND, those of
 * /var/run/docker.sock. en->chosen is set in every case. */
int socket_candidates_find(struct engine *en, const struct engine_env *env, struct arena *a,
                           struct err *e);

#endif
