/* SPDX-License-Identifier: MIT */
/* What Podman's /info would tell, where it can be seen from here. Podman 4 asks the package manager for the packages of all
 * its helpers to answer that one: 0.2 s and more before every session, ten times what Docker needs. */
#ifndef ENGINE_DOCKER_PODMAN_H
#define ENGINE_DOCKER_PODMAN_H

#include "engine/engine.h"

/* Fills in what probe.c reads from /info. False where that cannot be told and /info has to be asked: no unix socket, one whose other
 * end is neither Podman nor the systemd that starts it (a tunnel, the gate of a virtual machine), or a cco in a user namespace, which
 * sees other numbers. Opens en->conn if it is closed. */
bool podman_facts(struct engine *en, struct arena *a, struct fact_engine *out);

/* The kernel's name of an architecture, as images have it; NULL for NULL. */
const char *podman_arch(const char *machine);

#endif
