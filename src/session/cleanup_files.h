/* SPDX-License-Identifier: MIT */
/* Temporary files that a killed cco left in cco's own directories. */
#ifndef SESSION_CLEANUP_FILES_H
#define SESSION_CLEANUP_FILES_H

#include <stdbool.h>

#include "base/list.h"
#include "plan/facts.h"

enum { CLEANUP_TEMP_AGE_S = 3600 };

/* Finds temporary files of this user in cco's state directory, in reports/ and images/ there,
 * in cco's data directory and in backups/ there: regular files named as base/file.h names them,
 * and not written to for CLEANUP_TEMP_AGE_S. Adds their paths to `paths`, in the arena, and
 * sorts it. With `remove` it removes them first, and adds only those that it could remove.
 * Directories to which the way leads through the project, and those that agents can write to,
 * are left alone. Cannot fail: what cannot be read is skipped. */
void cleanup_temps(const struct facts *f, bool remove, struct arena *a, struct strv *paths);

#endif
