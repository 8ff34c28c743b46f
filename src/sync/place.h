/* SPDX-License-Identifier: MIT */
/* One name in an open directory: what it is, what it becomes. Never through a link. */
#ifndef SYNC_PLACE_H
#define SYNC_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "sync/dirs.h"
#include "wire/synclist.h"

/* True where what is there is what is expected (sync_same()); *e says what is wrong
 * otherwise. */
bool place_is(int dir, const char *name, const struct sync_entry *expected, struct err *e);

/* True where both are regular files with the same bytes. */
bool place_has(int dir, const char *name, int other_dir, const char *other);

/* Gives a file or a directory its mode and time; *now (may be NULL) is what became of it. -1
 * with errno. */
int place_set(int dir, const char *name, const struct sync_entry *entry,
              struct sync_entry *now);

/* Whether one can go on after *e with something else: 1; -1 where the disk is full or
 * broken. */
int place_soft(const struct err *e);

/* "NAME.cco-conflict", "NAME.cco-conflict-2" ...; of a name that is too long as much as
 * fits. */
void place_conflict_name(const char *name, unsigned number, char out[DIRS_NAME]);

#endif
