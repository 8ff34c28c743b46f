/* SPDX-License-Identifier: MIT */
/* Which of cco's own files `cco uninstall` may remove. */
#ifndef CLI_OWN_FILES_H
#define CLI_OWN_FILES_H

#include "base/arena.h"
#include "plan/facts.h"

/* Returns why the directory `path`, which exists, is not removed, or NULL if it can be. A link,
 * or a path that an agent may have chosen, can lead to files that are not cco's. */
const char *own_dir_stays(const struct facts *f, const char *path);

/* Returns why the program at `exe` is not removed, or NULL if this user can remove it there and
 * it is the one that runs. Returns "" if no program is there, or `exe` is NULL. The text lives
 * in the arena. */
const char *own_program_stays(const char *exe, struct arena *a);

#endif
