/* SPDX-License-Identifier: MIT */
/* A process in new namespaces, and its first steps in them. namespaces(7), user_namespaces(7),
 * clone(2). */
#ifndef NATIVE_NS_H
#define NATIVE_NS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Forks like fork(2), but with new namespaces for the child: user, mount, pid, ipc, uts and
 * cgroup namespaces, and a network namespace if `own_network`. The child is process 1 of its
 * pid namespace. It has every capability in its namespaces, and no mapped ids until
 * ns_map_self() or subids_await(). Returns 0 in the child; in the parent, the child's pid on
 * success and -1 on error: ERR_REFUSED with the code USERNS_ERROR_CLONE if the kernel, or the
 * container or filter around cco, refuses the namespaces to this user, and ERR_SYS otherwise.
 */
pid_t ns_fork(bool own_network, struct err *e);

/* Forks like ns_fork(), and starts the child in the control group at the path `group`. This
 * saves the 15 ms that moving a process into a group takes. Sets *inside in both processes.
 *
 * If *inside is true, the child has no cgroup namespace yet and must call ns_own_groups(). If
 * the kernel or a filter does not support this call (clone3(2) with CLONE_INTO_CGROUP, Linux
 * 5.7), the child is made by ns_fork(), *inside is false, and the caller must move the child
 * with cgroup_enter(). The results are those of ns_fork(); ERR_SYS can also mean that the group
 * cannot be opened. */
pid_t ns_fork_in(const char *group, bool own_network, bool *inside, struct err *e);

/* Makes a cgroup namespace for the calling process. Its root is the group in which the process
 * is, which is why a process must be in its group first. To be called in the child. Returns 0
 * on success and -1 on error. */
int ns_own_groups(struct err *e);

/* Maps this uid and this gid to themselves, and no other ids. To be called in the child, which
 * must be dumpable (PR_SET_DUMPABLE). Needs no helper program; setgroups(2) is disabled,
 * because the kernel demands it for such a map. Returns 0 on success and -1 on error:
 * ERR_REFUSED with the code USERNS_ERROR_MAP if a security module or a filter forbids it,
 * ERR_SYS otherwise. */
int ns_map_self(uid_t uid, gid_t gid, struct err *e);

/* Brings the loopback device of the calling process's new network namespace up. To be called in
 * the child. Returns 0 on success and -1 on error. netdevice(7). */
int ns_loopback(struct err *e);

#endif
