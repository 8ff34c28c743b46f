/* SPDX-License-Identifier: MIT */
/* The environment of programs that cco starts on the host. */
#ifndef HOST_SAFE_ENV_H
#define HOST_SAFE_ENV_H

#include "base/arena.h"
#include "plan/facts.h"

/* Returns a copy of `env` ("K=V", NULL-terminated), in the arena, for programs that cco starts
 * on the host. PATH, and the other variables that name programs, libraries and modules, lack
 * the entries to which the way leads through a tree that an agent could write (f->trees), and
 * relative entries. A variable without entries is left out. Blocks only as the file system
 * does. */
char *const *host_safe_env(char *const *env, struct arena *a, const struct facts *f);

#endif
