/* SPDX-License-Identifier: MIT */
/* Kills every process of a sandbox except init. */
#ifndef INIT_SWEEP_H
#define INIT_SWEEP_H

#include <sys/types.h>

/* Kills every other process of the pid namespace, also those that are being forked, and waits
 * for them. Does nothing if this process is not process 1. `spare` is a process that is not
 * killed, because it carries an adopted line, and Podman loses the last bytes of the line if it
 * ends; 0 means that no process is spared. If /proc does not show all processes, `spare` is
 * killed as well. Blocks until the processes are gone. kill(2), pid_namespaces(7). */
void sweep(pid_t spare);

#endif
