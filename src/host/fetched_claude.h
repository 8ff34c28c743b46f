/* SPDX-License-Identifier: MIT */
/* The versions of Claude Code that cco has fetched itself, for machines without claude. Each is
 * a directory with the file `claude`: DATA/claude-code/VERSION/claude, where DATA is
 * facts.data_dir. The file DATA/claude-code/current contains the version that sessions use.
 * session/claude_fetch.h writes them. A user may copy a directory there as well. */
#ifndef HOST_FETCHED_CLAUDE_H
#define HOST_FETCHED_CLAUDE_H

#include "base/arena.h"
#include "base/list.h"
#include "plan/facts.h"

/* The names of the program and of that file. */
#define FETCHED_CLAUDE "claude"
#define FETCHED_CURRENT "current"

/* Returns the path DATA/claude-code in the arena. */
const char *fetched_claude_dir(const struct facts *f, struct arena *a);

/* Adds the versions that are complete to `out`, the newest first: directories named by a
 * version that contain an executable file of this user's. No link is followed. Strings are in
 * the arena. Blocks only as the file system does. */
void fetched_claude_list(const char *dir, struct arena *a, struct strv *out);

/* Returns the version that a session uses: `pinned` if it is not NULL, otherwise the version
 * that the file `current` names if it is complete, otherwise the newest complete one. The
 * string is `pinned` or in the arena. Returns NULL if `pinned` is not complete, or if `pinned`
 * is NULL and no version is complete. Blocks only as the file system does. */
const char *fetched_claude_choose(const char *dir, const char *pinned, struct arena *a);

#endif
