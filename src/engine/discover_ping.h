/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the first request to an engine, /_ping (Engine API, SystemPing),
 * whose path has no version. */
#ifndef ENGINE_DISCOVER_PING_H
#define ENGINE_DISCOVER_PING_H

#include "base/err.h"
#include "engine/engine.h"
#include "net/wait.h"

/* Connects en->conn if it is closed, asks the engine with HEAD /_ping (then with GET /_ping if
 * the engine does not know HEAD), and sets en->ping. If the reply has no version (before API
 * 1.25), asks GET /version too. Does nothing if en->ping.done. Returns 0 on success and -1 on
 * error; en->ping.done is false then, and the rest of en->ping has no meaning. ERR_FORMAT means
 * that the peer is not a Docker engine, ERR_ENGINE that it refused. Blocks for `w` at most. */
int engine_ping(struct engine *en, const struct net_wait *w, struct err *e);

/* Finds the oldest version 1.N that the engine accepts: asks GET /version, and if that does not
 * say it, looks into `said`, the engine's refusal of an older version ("... Minimum supported
 * API version is 1.44 ..."). Returns N. Returns 0 if neither has it, also after an error.
 * Closes and reopens en->conn. Blocks for `w` at most. */
unsigned ping_oldest(struct engine *en, const struct net_wait *w, struct str said);

#endif
