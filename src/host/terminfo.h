/* SPDX-License-Identifier: MIT */
/* Finds the terminfo(5) entry of the user's terminal. */
#ifndef HOST_TERMINFO_H
#define HOST_TERMINFO_H

#include "base/arena.h"
#include "plan/facts.h"

/* Looks for the entry of $TERM where ncurses does: in $TERMINFO, ~/.terminfo, $TERMINFO_DIRS
 * and the directories of the system. Sets f->terminfo to the first entry that the user can
 * read, and f->terminfo_is_own if it is not in a directory of the system. Ignores a $TERM that
 * cannot be the name of a file. Does not find entries that are not files of their own (hashed
 * databases, text in TERMINFO). f->home and the facts that host/look.h needs must be set.
 * Strings are in the arena. Blocks only as the file system does. */
void terminfo_probe(char *const *env, struct arena *a, struct facts *f);

#endif
