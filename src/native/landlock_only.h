/* SPDX-License-Identifier: MIT */
/* The file access of a sandbox without namespaces (the sandbox kind "Landlock only"). Nothing
 * can be mounted in it, so the command uses the host's files at their own paths.
 *
 * The home of the sandbox is a directory of the session. A path that the plan mounts in the
 * home becomes a symbolic link there. Landlock grants the targets of these links, the other
 * paths of the plan, and the programs of this machine. Everything that Landlock does not
 * control (such as the metadata of files) is the same as outside of the sandbox. */
#ifndef NATIVE_LANDLOCK_ONLY_H
#define NATIVE_LANDLOCK_ONLY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "confine/landlock.h"
#include "plan/plan.h"

struct landlock_only {
    struct landlock_path *grants; /* what Landlock allows, for landlock_print() */
    size_t grant_count, grant_cap;
    struct plan_link *links; /* to make in the sandbox's home */
    size_t link_count, link_cap;
};

/* Fills *out from the plan and from confine/fs_table.h. If a directory of the system contains a
 * path that the sandbox must not see, this function reads the directory and grants its other
 * entries one by one: entries that are made later are not granted. A directory that cannot be
 * read is granted without its entries.
 *
 * The strings in *out are the plan's, static, or live in the arena. Returns 0 on success and -1
 * on error: ERR_USAGE if the plan contains a volume or another mount that links and grants
 * cannot replace. After an error, *out is empty. Blocks only as file systems do. */
int landlock_only_make(const struct plan *p, struct arena *a, struct landlock_only *out,
                       struct err *e);

#endif
