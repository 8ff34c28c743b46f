/* SPDX-License-Identifier: MIT */
/* Merges what a session's claude wrote into its private copy of ~/.claude.json into the host's
 * file, as creds/claude_keys.h allows. */
#ifndef CREDS_CLAUDE_MERGE_H
#define CREDS_CLAUDE_MERGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* Merges into the file at `path`, which is made with mode 0600 if it is missing. Holds claude's
 * lock PATH.lock meanwhile, and waits ten seconds at most for it. Follows links to the file
 * itself, replaces it atomically through PATH.cco-tmp, and keeps its mode. Writes nothing if
 * nothing changes; a second call changes nothing. If a claude writes without the lock, the
 * merge is done again (renameat2(2), RENAME_EXCHANGE; on file systems without it a write in the
 * microseconds before rename(2) is not noticed). *changed: whether the file was changed.
 * Returns 0 on success and -1 on error, with the host's file unchanged: ERR_TIMEOUT;
 * ERR_REFUSED if it is not a regular file; ERR_FORMAT and ERR_LIMIT as for claude_json_merge().
 */
int claude_merge_file(const char *path, struct str base, struct str theirs, const char *project,
                      bool *changed, struct err *e);

#endif
