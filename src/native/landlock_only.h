/* SPDX-License-Identifier: MIT */
/* A sandbox without namespaces (the sandbox kind "Landlock only"), in which nothing can be
 * mounted. The home is a directory of the session; what the plan mounts in the home becomes a
 * link in it. Landlock grants the targets of these links, the other paths of the plan, and the
 * programs of this machine, each at its own path. What Landlock does not control is as it is
 * outside. */
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

/* Fills *out from the plan and confine/fs_table.h. Reads directories of the system that contain
 * a hidden file: their other entries, as they are now, are granted one by one. Strings are the
 * plan's, static, or live in the arena. Returns 0 on success and -1 on error: ERR_USAGE if the
 * plan contains something that needs a mount. */
int landlock_only_make(const struct plan *p, struct arena *a, struct landlock_only *out,
                       struct err *e);

#endif
