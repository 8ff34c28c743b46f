/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: cco in a container of the engine that it uses, as in CI: the engine's socket is mounted
 * into it, and what the engine is asked to mount are paths of the machine outside. */
#ifndef ENGINE_DISCOVER_SELF_CONTAINER_H
#define ENGINE_DISCOVER_SELF_CONTAINER_H

#include "engine/engine.h"

/* Where this process is in no container, or the engine is in the same one: does nothing, at the price of a few
 * stat(2). In a container of the engine's: `elsewhere`, the maps of what both see, the network to join, and where the
 * engine's own socket is. In a container that the engine does not know: `elsewhere` without maps, unless the engine
 * is reached in another way and has been asked already. `root` is "", or where a test has its /etc and /proc. Errors are
 * those of the engine: GET /containers/{id}/json. */
int self_container_find(struct engine *en, const char *root, struct arena *a,
                        struct fact_engine *out, struct err *e);

#endif
