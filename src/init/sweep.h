/* SPDX-License-Identifier: MIT */
/* The end of everything in a sandbox but init. */
#ifndef INIT_SWEEP_H
#define INIT_SWEEP_H

#include <sys/types.h>

/* As PID 1: kills every process, what is being forked included, and reaps them. `spare` lives on: the carrier of a line
 * that was adopted, with whose end Podman throws away what the line said last; 0: nobody. As anything else: nothing.
 * Where /proc does not tell who is there, nobody is spared. kill(2), pid_namespaces(7). */
void sweep(pid_t spare);

#endif
