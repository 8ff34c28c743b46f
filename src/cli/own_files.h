/* SPDX-License-Identifier: MIT */
/* Which of cco's own files `cco uninstall` may remove. */
#ifndef CLI_OWN_FILES_H
#define CLI_OWN_FILES_H

#include "base/arena.h"
#include "plan/facts.h"

/* Returns why cco does not remove the directory `path`, which exists: a text for messages,
 * which is constant. Returns NULL if cco may remove it. A link, or a path that an agent may
 * have chosen, can lead to files that are not cco's. Blocks only as the file system does. */
const char *own_dir_stays(const struct facts *f, const char *path);

/* Returns why cco does not remove the program at `exe`: a text for messages, constant or in the
 * arena. Returns NULL if cco may remove it: the file is the program of this process, and this
 * user may remove it. Returns "" if no program is there, or `exe` is NULL. Blocks only as the
 * file system does. */
const char *own_program_stays(const char *exe, struct arena *a);

#endif
