/* SPDX-License-Identifier: MIT */
/* Control groups for the limits of a native sandbox, if the user may write to a part of their
 * tree: cgroups(7), version 2; "Delegation" in the kernel's admin-guide/cgroup-v2. A sandbox
 * without limits gets no group. */
#ifndef NATIVE_CGROUP_H
#define NATIVE_CGROUP_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

enum cgroup_limit { CGROUP_MEMORY = 1, CGROUP_CPU = 2, CGROUP_PIDS = 4 };

/* Where groups can be made. */
struct cgroup_place {
    const char *dir; /* an absolute path; NULL: nowhere */
    const char *own; /* a group that this process must enter first, because a group that
                      * contains processes cannot have limited groups below it; NULL: none */
    unsigned can;    /* what can be limited in there: enum cgroup_limit */
    const char *why; /* why something cannot be limited; NULL if everything can */
};

struct cgroup_limits {
    uint64_t memory;    /* bytes, and no swap; 0: no limit */
    uint64_t nano_cpus; /* 1e9 is one processor; 0: no limit */
    uint64_t pids;      /* 0: no limit */
};

/* Finds the place and changes nothing. Reads below `root`, which is "" except in tests. Strings
 * live in the arena. */
void cgroup_find(const char *root, struct arena *a, struct cgroup_place *out);

/* Makes the group `name` with these limits, all of which p->can must contain. Uses an empty
 * group of that name if there is one, and removes cco's other groups that are empty. Returns
 * the path of the group in the arena, and NULL on error. */
const char *cgroup_make(const struct cgroup_place *p, const char *name,
                        const struct cgroup_limits *l, struct arena *a, struct err *e);

/* Moves a process into the group; what it starts later is in the group as well. Returns 0 on
 * success and -1 on error. */
int cgroup_enter(const char *group, pid_t pid, struct err *e);

/* Kills what still runs in the group, if the kernel has cgroup.kill (Linux 5.14), and removes
 * the group. Waits for a moment until the group is empty. Accepts NULL. */
void cgroup_remove(const char *group);

#endif
