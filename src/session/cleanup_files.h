/* SPDX-License-Identifier: MIT */
/* Temporary files that a killed cco left in cco's own directories. */
#ifndef SESSION_CLEANUP_FILES_H
#define SESSION_CLEANUP_FILES_H

#include <stdbool.h>

#include "base/list.h"
#include "plan/facts.h"

enum { CLEANUP_TEMP_AGE_S = 3600 };

/* Regular files of this user's below state and data directory whose names end like those of base/file.h and that nobody
 * has written to for an hour; `remove`: they go. Adds their paths. Directories that are found by way of the project are left
 * alone, and so is what agents can write to. */
void cleanup_temps(const struct facts *f, bool remove, struct arena *a, struct strv *paths);

#endif
