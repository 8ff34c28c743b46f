/* SPDX-License-Identifier: MIT */
/* Finds what the user's shell has from the home and a sandbox lacks: directories of PATH. */
#ifndef HOST_SHELL_SETUP_H
#define HOST_SHELL_SETUP_H

#include "base/arena.h"
#include "plan/facts.h"

/* The directories that are listed at most. */
enum { SHELL_SETUP_DIRS = 16 };

/* Sets f->program_dirs to the directories of `path`, a value of PATH, that are below f->home
 * and contain a file, in their order and without duplicates. `path` may be NULL. Runs and reads
 * no program. Strings are in the arena. Blocks only as the file system does. */
void shell_setup_probe(const char *path, struct arena *a, struct facts *f);

#endif
