/* SPDX-License-Identifier: MIT */
/* A process in new namespaces, and its first steps in them. namespaces(7), user_namespaces(7),
 * clone(2). */
#ifndef NATIVE_NS_H
#define NATIVE_NS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Forks like fork(2). The child is process 1 of a new pid namespace, in new user, mount, ipc,
 * uts and cgroup namespaces, and in a new network namespace if `own_network`. Returns 0 in the
 * child, which has every capability in its namespaces and no ids yet. Returns -1 on error:
 * ERR_REFUSED if the kernel, or what cco runs in, refuses them to this user. */
pid_t ns_fork(bool own_network, struct err *e);

/* The same for a child that starts in the control group at the path `group`, which saves the 15
 * ms of moving it there. The child must call ns_own_groups() itself: the root of a cgroup
 * namespace is the group of the process that makes it. If the kernel or a filter does not
 * support this, the child is made by ns_fork() and *inside is false. */
pid_t ns_fork_in(const char *group, bool own_network, bool *inside, struct err *e);
int ns_own_groups(struct err *e);

/* To be called in the child: maps the user and the group to themselves and nothing else. This
 * needs no helper program, and setgroups(2) is disabled for it. Returns 0 on success and -1 on
 * error. */
int ns_map_self(uid_t uid, gid_t gid, struct err *e);

/* To be called in the child: brings the loopback device of its new network namespace up.
 * Returns 0 on success and -1 on error. netdevice(7). */
int ns_loopback(struct err *e);

#endif
