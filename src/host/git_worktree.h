/* SPDX-License-Identifier: MIT */
/* The repository of a linked git worktree. gitrepository-layout(5). */
#ifndef HOST_GIT_WORKTREE_H
#define HOST_GIT_WORKTREE_H

#include "base/arena.h"

/* Returns the common directory of the repository whose linked worktree is at `project` (a
 * physical path). The result is physical and lives in the arena. Returns NULL if `project` is
 * not a worktree of the standard layout.
 *
 * An agent could have written the .git file of the project, so two things are demanded: the
 * file leads to COMMON/worktrees/NAME, and the file `gitdir` in that directory, which must be
 * outside of the project, leads back to the .git file. */
const char *git_worktree_common_dir(struct arena *a, const char *project);

#endif
