/* SPDX-License-Identifier: MIT */
/* Kills everything that descends from a process, if no pid namespace and no control group does
 * it. A process whose parent ends becomes a child of its nearest ancestor that is a subreaper,
 * so no descendant is lost. Reads /proc. PR_SET_CHILD_SUBREAPER(2const), proc_pid_stat(5). */
#ifndef BASE_PROCTREE_H
#define BASE_PROCTREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Kills all descendants of `root` with SIGKILL until none is left. `root` must be a subreaper
 * and is not killed itself. If `root` is the calling process, its children are waited for as
 * well. No other process is killed, even if the kernel uses a pid again meanwhile. Returns 0 on
 * success and -1 if a descendant is left after timeout_ms. Blocks until then at most. Linux. */
int proctree_kill(pid_t root, int timeout_ms);

/* Returns when a process was started (proc_pid_stat(5), field 22: in clock ticks after the
 * boot), and 0 if there is no such process. Sets *parent to the pid of its parent, and *ended
 * to whether it has ended and was not waited for yet. Does not block. */
uint64_t proctree_started(pid_t pid, pid_t *parent, bool *ended);

#endif
