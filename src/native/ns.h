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

/* The same for a child that begins in the control group at the path `group`: to be moved into one takes it some 15 ms, to be made
 * there none. Its namespace of control groups is left to ns_own_groups(), which is for the child to call: its root is where
 * its maker is. Where the kernel or a filter does not know how, the child is one of ns_fork(), and *inside is false. */
pid_t ns_fork_in(const char *group, bool own_network, bool *inside, struct err *e);
int ns_own_groups(struct err *e);

/* In the child: the user and group keep their numbers, and there are no others. No helper is needed for that, and
 * setgroups(2) is given up for it. */
int ns_map_self(uid_t uid, gid_t gid, struct err *e);

/* In the child: localhost, in a network namespace of its own. netdevice(7). */
int ns_loopback(struct err *e);

#endif
