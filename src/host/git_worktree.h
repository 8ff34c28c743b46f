/* SPDX-License-Identifier: MIT */
/* The repository of a linked git worktree. gitrepository-layout(5). */
#ifndef HOST_GIT_WORKTREE_H
#define HOST_GIT_WORKTREE_H

#include "base/arena.h"

/* Returns the physical common directory, in the arena, of the git worktree at `project`, a
 * physical path. The `.git` file of the project must have the standard layout
 * (COMMON/worktrees/NAME), and the gitdir file in that directory, which must lie outside of the
 * project, must point back to it: an agent could have written the `.git` file. Returns NULL for
 * anything else. */
const char *git_worktree_common_dir(struct arena *a, const char *project);

#endif
