/* SPDX-License-Identifier: MIT */
/* The end of everything that a process has started, and of what those have, where no pid namespace and no cgroup ends it:
 * children whose parents go come to the nearest above that is their subreaper. PR_SET_CHILD_SUBREAPER(2const), proc_pid_stat(5). */
#ifndef BASE_PROCTREE_H
#define BASE_PROCTREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Kills all that descends from `root`, which has to be a subreaper, until nothing is left, or the time is over. Of ourselves
 * they are reaped as well. Nobody else is hit, whatever numbers are used again meanwhile. 0; -1 where something is left.
 * Blocks. Linux. */
int proctree_kill(pid_t root, int timeout_ms);

/* When a process was started (proc_pid_stat(5), field 22), the number of its parent, and whether it has ended and waits to be
 * reaped; 0 where there is no such process. */
uint64_t proctree_started(pid_t pid, pid_t *parent, bool *ended);

#endif
