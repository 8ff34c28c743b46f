/* SPDX-License-Identifier: MIT */
/* A sandbox without namespaces (the sandbox kind "Landlock only"): nothing is mounted. The home is a directory of the session's; what the plan
 * mounts in it become links, and Landlock lets the command reach what they lead to, what else the plan shares, and the
 * programs of this machine, each in its own place. Everything that Landlock does not see is as outside. */
#ifndef NATIVE_LANDLOCK_ONLY_H
#define NATIVE_LANDLOCK_ONLY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "confine/landlock.h"
#include "plan/plan.h"

struct landlock_only {
    struct landlock_path *grants;
    size_t grant_count, grant_cap;
    struct plan_link *links;
    size_t link_count, link_cap;
};

/* Looks into directories of the system that hold what is hidden: their other entries are granted one by one, those that
 * are there now. Strings are the plan's or live in the arena. ERR_USAGE for what cannot be without mounts. */
int landlock_only_make(const struct plan *p, struct arena *a, struct landlock_only *out,
                       struct err *e);

#endif
