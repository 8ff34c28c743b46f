/* SPDX-License-Identifier: MIT */
/* Limits for a sandbox of our own making, where a part of the control groups is the user's: cgroups(7), version 2; "Delegation" in
 * the kernel's admin-guide/cgroup-v2. Nothing is made for who has no limits. */
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
    const char *
        own; /* a group to go to first, since no group with processes of its own can have others below; NULL: none */
    unsigned can;    /* what can be limited there: enum cgroup_limit */
    const char *why; /* why it is not all of these; NULL: it is */
};

struct cgroup_limits {
    uint64_t memory;    /* bytes, and no swap; 0: no limit */
    uint64_t nano_cpus; /* 1e9 is one processor; 0: no limit */
    uint64_t pids;      /* 0: no limit */
};

/* Looks for it, changes nothing. Paths and files are those below `root`: "" but in tests. Strings live in the arena. */
void cgroup_find(const char *root, struct arena *a, struct cgroup_place *out);

/* Makes the group `name` with these limits, of which all can be had there; one of that name that nothing runs in is taken.
 * Its path, in the arena; NULL. What has no process any more of groups of ours is removed. */
const char *cgroup_make(const struct cgroup_place *p, const char *name,
                        const struct cgroup_limits *l, struct arena *a, struct err *e);

/* Moves a process into it, and with it all that it starts from now on. */
int cgroup_enter(const char *group, pid_t pid, struct err *e);

/* With what may still run in it, where the kernel knows how; waits for a moment for it to see the end. NULL is nothing. */
void cgroup_remove(const char *group);

#endif
