/* SPDX-License-Identifier: MIT */
/* Finds out in which trees an agent could write (trust/ledger.h): in those of earlier sessions,
 * in the project of this one, and in claude's shared files. */
#ifndef HOST_TREES_H
#define HOST_TREES_H

#include "base/arena.h"
#include "base/err.h"
#include "plan/facts.h"

/* Sets f->trees to the recorded trees, and f->cwd_why. `pwd` is the path by which the user came
 * to the current directory, as shells report it in the variable PWD; NULL, or a path that leads
 * elsewhere: unknown. f->cwd_id and f->state_dir must be set. Returns 0 on success and -1 on
 * error: those of ledger_read(). */
int trees_probe(const char *pwd, struct arena *a, struct facts *f, struct err *e);

/* Adds the project to f->trees. A project that contains the home is not added, because it
 * cannot be used. */
void trees_add_project(struct arena *a, struct facts *f);

/* Adds the content of the directories that every sandbox can write: the entries of
 * f->claude_dir with conversations, and cco's own directories below f->data_dir. */
void trees_add_state(struct arena *a, struct facts *f);

#endif
