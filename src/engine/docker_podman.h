/* SPDX-License-Identifier: MIT */
/* Finds the facts of Podman's /info without asking for it. To answer /info, Podman 4 asks the
 * package manager for the packages of all its helpers, which takes 0.2 s or more before every
 * session, ten times what Docker needs. */
#ifndef ENGINE_DOCKER_PODMAN_H
#define ENGINE_DOCKER_PODMAN_H

#include "engine/engine.h"

/* Sets those members of *out that discover_probe.c reads from /info. Opens en->conn if it is
 * closed. Returns false if /info has to be asked: the engine is not at a unix socket, the peer
 * is neither Podman nor the systemd that starts it (a tunnel, the proxy of a virtual machine),
 * or cco runs in a user namespace, where user numbers differ. */
bool podman_facts(struct engine *en, struct arena *a, struct fact_engine *out);

/* Returns the name that images have for an architecture of uname(2), such as "amd64" for
 * "x86_64", and `machine` itself if cco knows no other name. NULL for NULL. */
const char *podman_arch(const char *machine);

#endif
