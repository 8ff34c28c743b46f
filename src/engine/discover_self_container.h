/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: finds out whether cco itself runs in a container of the engine
 * that it uses, as in CI. The engine's socket is mounted there. The engine resolves the paths
 * of mounts outside of that container, on its own machine, so that cco's paths mean other files
 * to it. */
#ifndef ENGINE_DISCOVER_SELF_CONTAINER_H
#define ENGINE_DISCOVER_SELF_CONTAINER_H

#include "engine/engine.h"

/* Changes the facts *out if this process runs in a container and the engine runs outside of it.
 *
 * If the engine knows the container, out->kind becomes SANDBOX_REMOTE_CONTAINER, and *out gets
 * the path maps of the files that both see, the network and user namespace modes to join
 * (own_network, own_userns), and the path of the engine's socket on its machine (socket). If
 * the engine does not know the container and is at a unix socket, out->kind becomes
 * SANDBOX_REMOTE_CONTAINER without path maps. In both cases out->remote_why says why. If it is
 * behind tcp or ssh, out->kind stays, because engine/discover_probe.c has found out before
 * whether the engine sees this machine's files.
 *
 * Outside of a container this function changes nothing, and costs a few calls of stat(2).
 * `root` is "", or in tests the directory that has their /etc and /proc. Texts are in the
 * arena. Returns 0 on success and -1 on an error of the engine. Blocks for the engine's timeout
 * at most for each candidate of own_ids() (engine/discover_self_mounts.h). GET
 * /containers/{id}/json. */
int self_container_find(struct engine *en, const char *root, struct arena *a,
                        struct fact_engine *out, struct err *e);

#endif
