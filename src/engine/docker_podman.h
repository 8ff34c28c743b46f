/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: finds the facts of Podman's GET /info without that request. To
 * answer it, Podman 4 asks the package manager for the packages of all its helpers. That takes
 * 0.2 s or more before every session, ten times as long as Docker needs for /info. */
#ifndef ENGINE_DOCKER_PODMAN_H
#define ENGINE_DOCKER_PODMAN_H

#include "engine/engine.h"

/* Sets those members of *out that engine/discover_probe.c otherwise reads from /info: rootless,
 * no_seccomp, arch and the limits (pids_limit, no_memory_limit, no_cpu_limit). The others keep
 * their values. They come from the peer of the engine's socket, uname(2), /proc and /sys. Opens
 * en->conn if it is closed, which blocks for the engine's timeout at most. Returns true if it
 * has set them. Returns false, with *out unchanged, if the caller has to ask for /info: the
 * engine is not at a unix socket, the peer is neither Podman nor the systemd that starts it
 * (but a tunnel, or the proxy of a virtual machine), or cco runs in a user namespace, where ids
 * have another meaning (user_namespaces(7)). */
bool podman_facts(struct engine *en, struct arena *a, struct fact_engine *out);

/* Returns the name that images have for an architecture of uname(2), such as "amd64" for
 * "x86_64", and `machine` itself if cco knows no other name for it. Returns NULL for NULL. The
 * result is a constant, or borrowed. */
const char *podman_arch(const char *machine);

#endif
