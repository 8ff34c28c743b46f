/* SPDX-License-Identifier: MIT */
/* Linked git worktrees and their repository. gitrepository-layout(5), git-worktree(1). */
#ifndef HOST_GIT_WORKTREE_H
#define HOST_GIT_WORKTREE_H

#include "base/arena.h"
#include "plan/facts.h"

/* The worktrees that are looked at, at most. */
enum { GIT_WORKTREES_MAX = 128 };

/* Returns the common directory of the repository whose linked worktree is at `project` (a
 * physical path). The result is physical and lives in the arena. Returns NULL if `project` is
 * not a worktree of the standard layout.
 *
 * An agent could have written the .git file of the project, so two things are demanded: the
 * file leads to COMMON/worktrees/NAME, and the file `gitdir` in that directory, which must be
 * outside of the project, leads back to the .git file. */
const char *git_worktree_common_dir(struct arena *a, const char *project);

/* Sets f->git_worktrees to the other worktrees of the project's repository, in pairs: the path
 * of a worktree's .git file, and the directory in the repository to which the file leads. Git
 * deletes the directory of a worktree (git worktree prune, git gc) if its .git file is missing,
 * so the sandbox gets a file there. Leaves out worktrees in the project, those on other paths
 * than their physical ones, and those whose two files do not lead to each other: an agent could
 * have written any path into the repository. f->project and f->git_common_dir must be set.
 * Strings are in the arena. Blocks only as file systems do. */
void git_worktrees_probe(struct arena *a, struct facts *f);

#endif
