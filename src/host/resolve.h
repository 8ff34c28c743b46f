/* SPDX-License-Identifier: MIT */
/* Resolves the symbolic links in paths of this machine. */
#ifndef HOST_RESOLVE_H
#define HOST_RESOLVE_H

#include <stdbool.h>

#include "base/arena.h"

/* Returns `path` without symbolic links, absolute and in the arena, as realpath(3) does.
 * Returns NULL with errno if it cannot be resolved, for example because it does not exist. */
const char *resolve_physical(struct arena *a, const char *path);

/* Returns true if the way to `path`, which is absolute, leads through the directory `dir`,
 * which is physical: `path` or a link on the way to it is in `dir`. Any process that can write
 * to `dir` then controls what `path` resolves to. Links count wherever they lead. A component
 * that does not exist is not a link. A chain of more than 40 links counts as leading through.
 */
bool resolve_leads_through(struct arena *a, const char *path, const char *dir);

#endif
