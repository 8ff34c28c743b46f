/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: the first question to an engine, /_ping (DOCKER.md 1.1), which needs no version. */
#ifndef ENGINE_DISCOVER_PING_H
#define ENGINE_DISCOVER_PING_H

#include "base/err.h"
#include "engine/engine.h"
#include "net/wait.h"

/* Connects if need be, asks with HEAD, with GET where the engine is too old for that, and fills in en->ping. An engine
 * whose ping does not tell its version is asked for it (before API 1.25). ERR_FORMAT where somebody else answers;
 * ERR_ENGINE for a refusal. Does nothing where en->ping is there already. */
int engine_ping(struct engine *en, const struct net_wait *w, struct err *e);

/* The oldest version 1.N that the engine takes, from /version, else from what it said to one that is too old
 * ("... Minimum supported API version is 1.44 ..."); 0 where neither tells. */
unsigned ping_oldest(struct engine *en, const struct net_wait *w, struct str said);

#endif
