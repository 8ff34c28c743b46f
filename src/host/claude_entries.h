/* SPDX-License-Identifier: MIT */
/* Finds the directories of claude's conversations and memory that belong to the project. */
#ifndef HOST_CLAUDE_ENTRIES_H
#define HOST_CLAUDE_ENTRIES_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->claude_root, f->claude_project and f->claude_memory, and drops f->git_common_dir if
 * an agent may have made it, because it is in claude's shared files or in cco's own directory.
 * Reads the members of f that probe.h sets before: the project, the repository of a worktree,
 * and claude's directories. Never follows a link at the place of the entries. Strings are in
 * the arena. Blocks only as the file system does. */
void claude_entries_probe(struct arena *a, struct facts *f);

#endif
