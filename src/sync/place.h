/* SPDX-License-Identifier: MIT */
/* One name in an open directory: examines and changes it, and never follows a link. */
#ifndef SYNC_PLACE_H
#define SYNC_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "sync/dirs.h"
#include "wire/synclist.h"

/* Returns true if the place is in the expected state (sync_same()). Otherwise *e says what is
 * wrong. */
bool place_is(int dir, const char *name, const struct sync_entry *expected, struct err *e);

/* Returns true if both are regular files with the same bytes. */
bool place_has(int dir, const char *name, int other_dir, const char *other);

/* Sets the mode and the time of a file or a directory. *now (may be NULL) is set to the result.
 * Returns 0 on success and -1 with errno. */
int place_set(int dir, const char *name, const struct sync_entry *entry,
              struct sync_entry *now);

/* Returns 1 if the caller can continue with another place after *e, and -1 if the disk is full
 * or broken. */
int place_soft(const struct err *e);

/* Writes "NAME.cco-conflict", "NAME.cco-conflict-2" and so on to out. A name that is too long
 * is cut. */
void place_conflict_name(const char *name, unsigned number, char out[DIRS_NAME]);

#endif
