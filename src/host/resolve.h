/* SPDX-License-Identifier: MIT */
/* What paths of this machine resolve to. */
#ifndef HOST_RESOLVE_H
#define HOST_RESOLVE_H

#include <stdbool.h>

#include "base/arena.h"

/* Returns realpath(3) of `path` in the arena, and NULL with errno if it cannot be resolved. */
const char *resolve_physical(struct arena *a, const char *path);

/* Returns true if resolving the absolute `path` passes through `dir`, which is physical: any
 * process that can write to `dir` controls what `path` resolves to. Symbolic links count
 * wherever they lead, and a chain of more than 40 links counts as passing through. A component
 * that does not exist is not a link. */
bool resolve_leads_through(struct arena *a, const char *path, const char *dir);

#endif
