/* SPDX-License-Identifier: MIT */
/* Finds and removes temporary files that a killed cco left in cco's own directories, and caches
 * of build tools. */
#ifndef SESSION_CLEANUP_FILES_H
#define SESSION_CLEANUP_FILES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/list.h"
#include "plan/facts.h"

/* A temporary file that has not been written for so long is left over, in seconds. */
enum { CLEANUP_TEMP_AGE_S = 3600 };

/* Finds the temporary files of this user: regular files whose names end in ".tmp" or ".cco-tmp"
 * and that have not been written for CLEANUP_TEMP_AGE_S. Looks in cco's state directory
 * (f->state_dir), its subdirectories reports/ and images/, cco's data directory (f->data_dir)
 * and its subdirectory backups/, and not deeper; agents can write to none of these. Also finds
 * what an interrupted fetch of Claude Code left (session/claude_leftovers.h). If the path
 * of the state or data directory must not be used (plan/untrusted.h), that directory is
 * skipped. If `remove` is true, the function also removes the files.
 *
 * Adds the paths of the files that it found, or could remove, to `paths` and then sorts the
 * whole list. The strings live in the arena. Cannot fail: a directory or file that cannot be
 * read or removed is skipped. */
void cleanup_temps(const struct facts *f, bool remove, struct arena *a, struct strv *paths);

/* Finds the directories of caches that sessions with --caches have kept (plan/caches.h). Each
 * project has one directory. Directories that cannot be used for the reason above are skipped.
 * If `remove` is true, also removes the directories, without following a link in them. Adds the
 * paths of the directories that it found, or could remove, to `paths`, in the arena. Returns 0
 * on success. Returns -1 with the first error if a directory could not be removed completely;
 * the others are then removed. Blocks as long as the file
 * system does, which can be some time for many files. */
int cleanup_caches(const struct facts *f, bool remove, struct arena *a, struct strv *paths,
                   struct err *e);

#endif
