/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the first question to an engine, /_ping (Engine API, SystemPing),
 * which needs no version. */
#ifndef ENGINE_DISCOVER_PING_H
#define ENGINE_DISCOVER_PING_H

#include "base/err.h"
#include "engine/engine.h"
#include "net/wait.h"

/* Connects if needed, sends HEAD /_ping (GET to an engine that is too old for HEAD), and sets
 * en->ping. GET /version follows if the reply has no version (before API 1.25). Does nothing if
 * en->ping.done. Returns 0 on success and -1 on error. ERR_FORMAT means that the peer is not a
 * Docker engine, ERR_ENGINE that it refused. */
int engine_ping(struct engine *en, const struct net_wait *w, struct err *e);

/* Returns the oldest version 1.N that the engine accepts: from /version, else from `said`, its
 * refusal of an older one ("... Minimum supported API version is 1.44 ..."). Returns N, and 0
 * if neither has it, also after an error. */
unsigned ping_oldest(struct engine *en, const struct net_wait *w, struct str said);

#endif
