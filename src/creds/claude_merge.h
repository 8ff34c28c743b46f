/* SPDX-License-Identifier: MIT */
/* Merges the changes that a session's claude made to its private copy of ~/.claude.json into
 * the host's file, as far as creds/claude_keys.h allows. */
#ifndef CREDS_CLAUDE_MERGE_H
#define CREDS_CLAUDE_MERGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* Merges into the host's file at `path`. `base` is the copy that the sandbox started with,
 * `other` the copy at the session's end, and `project` the session's directory, absolute
 * (struct claude_json_sides). Writes nothing if the merge changes nothing, so a second call
 * with the same arguments changes nothing.
 *
 * If `path` is a link, the link stays and its target, FILE, is the file that is merged. A
 * missing FILE is made with mode 0600; an existing one keeps its mode. The new text is written
 * to FILE.cco-tmp and synced, then it replaces FILE atomically. After a power failure FILE may
 * have its old content again, never a part of either.
 *
 * The function holds two locks meanwhile: flock(2) on FILE's directory against other cco
 * processes, and claude's lock PATH.lock, beside the link and not beside its target
 * (creds/claude_lock.h). It waits up to ten seconds for each, so 20 seconds at most. Without
 * the first one (the file system has none, or ten seconds have passed) it goes on.
 *
 * A claude that writes FILE without the lock is noticed, because FILE is exchanged with the new
 * file (renameat2(2), RENAME_EXCHANGE) and then compared with the file that was read. The merge
 * is then done again, five times in all. On a file system without RENAME_EXCHANGE, FILE is
 * compared just before rename(2): if a claude writes it between the two calls, which takes
 * microseconds, its change is lost.
 *
 * Returns 0 on success, with *changed set to whether FILE was changed. Returns -1 on error,
 * with FILE and *changed unchanged. ERR_TIMEOUT: claude's lock was held for ten seconds, or
 * FILE was written during each of five attempts. ERR_REFUSED: FILE is not a regular file, or
 * there are more than 40 links, or a link's target is empty or too long. ERR_FORMAT and
 * ERR_LIMIT: as for claude_json_merge(). */
int claude_merge_file(const char *path, struct str base, struct str other, const char *project,
                      bool *changed, struct err *e);

#endif
