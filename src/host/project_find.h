/* SPDX-License-Identifier: MIT */
/* Finds the project: the top level of the git work tree that contains the current directory,
 * or that directory itself. */
#ifndef HOST_PROJECT_FIND_H
#define HOST_PROJECT_FIND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "plan/facts.h"

/* Sets the members of *f about the current directory, the project, and f->trees. `pwd` is the
 * variable PWD or NULL. With `here`, the current directory is the project. A top level whose
 * repository an agent could have made is not the project; f->git_top_why says so. f->uid,
 * f->user, f->home_physical and f->state_dir must be set. Returns 0 on success and -1 on error:
 * ERR_NOT_FOUND or ERR_SYS if the current directory cannot be reached, and those of
 * ledger_read(). Strings are in the arena. Blocks only as the file system does. */
int project_find(const char *pwd, bool here, struct arena *a, struct facts *f, struct err *e);

/* If f->git_top_why is set, adds a line that the project is not the whole work tree, and why.
 * If the user can accept the repository, the line is added to f->warnings, which every start
 * prints, and otherwise to f->missing. */
void project_find_note(struct arena *a, struct facts *f);

/* Sets f->claude_root. f->git_common_dir must be set. */
void project_find_claude_root(struct arena *a, struct facts *f);

#endif
