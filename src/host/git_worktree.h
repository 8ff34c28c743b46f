/* SPDX-License-Identifier: MIT */
/* The repository of a linked git worktree. gitrepository-layout(5). */
#ifndef HOST_GIT_WORKTREE_H
#define HOST_GIT_WORKTREE_H

#include "base/arena.h"

/* Returns the physical common directory of the git worktree at `project` if its `.git` file has the standard layout
 * (COMMON/worktrees/NAME) and its gitdir file points back to the project. Returns NULL for anything else. */
const char *git_worktree_common_dir(struct arena *a, const char *project);

#endif
