/* SPDX-License-Identifier: MIT */
/* Examines and changes one name in an open directory. Never follows a link. */
#ifndef SYNC_PLACE_H
#define SYNC_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "sync/dirs.h"
#include "wire/synclist.h"

/* Returns true if the name is in the expected state (sync_same()). Otherwise returns false and
 * sets *e: ERR_REFUSED if the state is another one, ERR_SYS if it cannot be examined. */
bool place_is(int dir, const char *name, const struct sync_entry *expected, struct err *e);

/* Returns true if both names are regular files with the same bytes. */
bool place_has(int dir, const char *name, int other_dir, const char *other);

/* Sets the mode and the time of a file or a directory. If now is not NULL, sets *now to the
 * resulting state, which depends on the file system. Returns 0 on success and -1 with errno on
 * error. */
int place_set(int dir, const char *name, const struct sync_entry *entry,
              struct sync_entry *now);

/* Returns the result of an apply function (sync/apply.h) after the error *e: -1 if the disk is
 * full, broken or read-only (ENOSPC, EDQUOT, EIO, EROFS), and 1 for any other error. */
int place_soft(const struct err *e);

/* Writes the name under which a conflicting state is kept to `out`: "NAME.cco-conflict" for
 * number 1, "NAME.cco-conflict-2" for 2, and so on. Cuts NAME between two characters if the
 * result would be longer than 255 bytes. */
void place_conflict_name(const char *name, unsigned number, char out[DIRS_NAME]);

#endif
