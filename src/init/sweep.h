/* SPDX-License-Identifier: MIT */
/* Kills everything in a sandbox except init. */
#ifndef INIT_SWEEP_H
#define INIT_SWEEP_H

#include <sys/types.h>

/* Kills every process, also those that are being forked, and reaps them. Does nothing if init
 * is not process 1. `spare` is not killed: it carries an adopted line, and when it ends Podman
 * loses the last bytes of the line; 0: no process is spared. If /proc does not show all
 * processes, `spare` is killed as well. kill(2), pid_namespaces(7). */
void sweep(pid_t spare);

#endif
