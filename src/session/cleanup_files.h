/* SPDX-License-Identifier: MIT */
/* Temporary files that a killed cco left in cco's own directories. */
#ifndef SESSION_CLEANUP_FILES_H
#define SESSION_CLEANUP_FILES_H

#include <stdbool.h>

#include "base/list.h"
#include "plan/facts.h"

enum { CLEANUP_TEMP_AGE_S = 3600 };

/* Adds the paths of temporary files of this user below cco's state and data directories:
 * regular files named as base/file.h names them, and not written to for CLEANUP_TEMP_AGE_S.
 * Removes them if `remove` is set. Directories to which the way leads through the project, and
 * those that agents can write to, are left alone. */
void cleanup_temps(const struct facts *f, bool remove, struct arena *a, struct strv *paths);

#endif
