/* SPDX-License-Identifier: MIT */
/* The directories in which sessions of this user may be. A session is in the runtime directory
 * of the environment in which it was started ($XDG_RUNTIME_DIR/cco, or /tmp/cco-UID). Another
 * cco can have another runtime directory: after su, in a cron job, or by ssh. So each runtime
 * directory in which a session is started is recorded in the file `runtime-dirs` of the state
 * directory, and every cco looks for sessions in all of them. */
#ifndef SESSION_RUNTIME_DIRS_H
#define SESSION_RUNTIME_DIRS_H

#include "base/list.h"
#include "plan/facts.h"
#include "session/session_dir.h"

enum { RUNTIME_DIRS_MAX = 16 }; /* count of the directories that are recorded */

/* Records the directory `dir`, unless it is recorded already. If there are too many,
 * directories that do not exist any more are dropped first, and then the oldest ones. Errors
 * are ignored: sessions in `dir` are then found only by a cco that has the same runtime
 * directory. Blocks only as the file system does. */
void runtime_dirs_note(const struct facts *f, const char *dir);

/* Returns the runtime directory of this environment, and then the recorded ones that exist and
 * that no agent can have put in their place. The paths are in the arena. Blocks only as the
 * file system does. */
struct strv runtime_dirs(const struct facts *f, struct arena *a);

/* Lists the sessions in all these directories, as session_dir_list() does for one directory.
 * Returns 0 on success and -1 if the runtime directory of this environment cannot be read, with
 * *count 0. Another directory that cannot be read is left out. */
int runtime_dirs_list(const struct facts *f, struct arena *a, struct session_dir_found **out,
                      size_t *count, struct err *e);

#endif
