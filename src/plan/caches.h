/* SPDX-License-Identifier: MIT */
/* Where --caches keeps the caches of build tools. Pure. */
#ifndef PLAN_CACHES_H
#define PLAN_CACHES_H

#include "plan/facts.h"

/* Returns the directory of this machine that contains the caches of this project, in the arena.
 * Only the directories in it are mounted, so that no sandbox can write to it itself. */
const char *caches_dir(const struct facts *f, struct arena *a);

/* Returns the directory that contains those of all projects, in the arena. */
const char *caches_of_all(const struct facts *f, struct arena *a);

#endif
