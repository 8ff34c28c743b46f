/* SPDX-License-Identifier: MIT */
/* Kills all descendants of a process, for a sandbox that has neither a pid namespace nor a
 * control group, which would end with all of their processes. A process whose parent ends
 * becomes a child of its nearest ancestor that is a subreaper, so no descendant is lost. Reads
 * /proc. Running out of memory aborts the program. PR_SET_CHILD_SUBREAPER(2const),
 * proc_pid_stat(5). */
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

/* Returns the time when a process was started, in clock ticks since boot (field 22 of
 * proc_pid_stat(5)), and 0 if no such process exists or its stat file cannot be read. Sets
 * *parent to the pid of its parent, or to 0 if it is not known. Sets *ended to true if the
 * process has ended but its parent has not waited for it yet. Does not block. */
uint64_t proctree_started(pid_t pid, pid_t *parent, bool *ended);

/* Returns true if the process is stopped, for example by SIGSTOP or Ctrl-Z. Does not block. */
bool proctree_is_stopped(pid_t pid);

#endif
