/* SPDX-License-Identifier: MIT */
/* A process in namespaces of its own, and what it does there first. namespaces(7), user_namespaces(7), clone(2). */
#ifndef NATIVE_NS_H
#define NATIVE_NS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* As fork(2), and the child is PID 1 of a new pid namespace, in new user, mount, ipc, uts and cgroup namespaces, and in a
 * network namespace where `own_network`. 0 in the child, which has every capability in there and as yet no numbers for its
 * user and group. -1: ERR_SYS; ERR_REFUSED where the kernel, or what cco runs in, does not let this user have them. */
pid_t ns_fork(bool own_network, struct err *e);

/* In the child: the user and group keep their numbers, and there are no others. No helper is needed for that, and
 * setgroups(2) is given up for it. */
int ns_map_self(uid_t uid, gid_t gid, struct err *e);

/* In the child: localhost, in a network namespace of its own. netdevice(7). */
int ns_loopback(struct err *e);

#endif
