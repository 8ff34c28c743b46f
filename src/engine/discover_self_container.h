/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: finds out whether cco runs in a container of the engine that it
 * uses, as in CI. The engine's socket is mounted there, and the paths that the engine is asked
 * to mount are those of the machine outside. */
#ifndef ENGINE_DISCOVER_SELF_CONTAINER_H
#define ENGINE_DISCOVER_SELF_CONTAINER_H

#include "engine/engine.h"

/* Changes *out if this process runs in a container that the engine is outside of. If the engine
 * knows the container, the engine becomes a remote one (SANDBOX_REMOTE_CONTAINER), with the
 * path maps of what both see, the network to join, and the engine's own socket. If the engine
 * does not know the container and is at a unix socket, it becomes a remote one without maps; of
 * an engine behind tcp or ssh, discover_probe.c has found out the file visibility before.
 * Otherwise this function does nothing and costs a few stat(2). `root` is "", or the directory
 * in which a test has its /etc and /proc. Returns 0 on success and -1 on an error of the
 * engine. GET /containers/{id}/json. */
int self_container_find(struct engine *en, const char *root, struct arena *a,
                        struct fact_engine *out, struct err *e);

#endif
