/* SPDX-License-Identifier: MIT */
/* Control groups (cgroups(7), version 2) for the limits of a native sandbox. They can be used
 * only if a part of their tree is delegated to the user ("Delegation" in the kernel's
 * admin-guide/cgroup-v2). A sandbox without limits gets no group. No function here blocks,
 * except cgroup_remove(). */
#ifndef NATIVE_CGROUP_H
#define NATIVE_CGROUP_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/* Bits of what a group can limit. */
enum cgroup_limit { CGROUP_MEMORY = 1, CGROUP_CPU = 2, CGROUP_PIDS = 4 };

/* The directory in which this user can make groups. */
struct cgroup_place {
    const char *dir; /* absolute; NULL: there is none */
    /* The path of a group below `dir` that the calling process must enter before limits can be
     * set in `dir`, because a group that contains processes cannot have limited groups below
     * it. cgroup_make() makes and enters it. NULL: not needed. */
    const char *own;
    unsigned can;    /* bits of enum cgroup_limit that groups in `dir` can have */
    const char *why; /* for the user: why a bit is missing in `can`; NULL: none is missing */
};

/* The limits of one group. */
struct cgroup_limits {
    uint64_t memory;    /* bytes of memory, without any swap; 0: no limit */
    uint64_t nano_cpus; /* 1e9 is one processor; at least 1e7 are given; 0: no limit */
    uint64_t pids;      /* number of processes and threads; 0: no limit */
};

/* Finds the place and changes nothing. Reads /proc and /sys/fs/cgroup below `root`, which is ""
 * except in tests. Always fills *out; its strings are static or live in the arena. */
void cgroup_find(const char *root, struct arena *a, struct cgroup_place *out);

/* Makes the group "cco-NAME" in p->dir, which must not be NULL, with the limits *l. p->can must
 * contain all of them. An existing group of that name is used. This function also moves the
 * calling process into p->own, if that is not NULL, enables the controllers in p->dir, and
 * removes cco's empty groups there that are older than a minute.
 *
 * Returns the absolute path of the group, in the arena, and NULL on error. After an error there
 * is no new group, but the calling process may have been moved. The group lasts until
 * cgroup_remove(). */
const char *cgroup_make(const struct cgroup_place *p, const char *name,
                        const struct cgroup_limits *l, struct arena *a, struct err *e);

/* Moves the process `pid` into the group at the path `group`. Processes that it starts later
 * are in the group as well; its existing children are not moved. Returns 0 on success and -1 on
 * error; the process then stays where it was. */
int cgroup_enter(const char *group, pid_t pid, struct err *e);

/* Kills all processes in the group at the path `group`, if the kernel has cgroup.kill (Linux
 * 5.14), and removes the group. Waits for a tenth of a second at most until the group is empty.
 * Errors are ignored: a later cgroup_make() removes a group that is left. Does nothing if
 * `group` is NULL. */
void cgroup_remove(const char *group);

#endif
