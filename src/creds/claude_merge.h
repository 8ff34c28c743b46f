/* SPDX-License-Identifier: MIT */
/* The end of a session: what its claude wrote into the private copy of ~/.claude.json goes into the host's file, as
 * far as creds/claude_keys.h lets it. */
#ifndef CREDS_CLAUDE_MERGE_H
#define CREDS_CLAUDE_MERGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* Merges into the file at `path` (missing: made, 0600), with the texts that claude_json_merge() wants; claude's own
 * lock PATH.lock is held meanwhile, and waited for for ten seconds: ERR_TIMEOUT. Links are followed to the file
 * itself, which is replaced atomically through PATH.cco-tmp and keeps its mode; nothing is written where nothing
 * changes. A claude that writes without the lock is seen, and the merge done again (renameat2(2), RENAME_EXCHANGE;
 * on file systems without it a write within the microseconds before our rename(2) is not); ERR_TIMEOUT where that
 * never ends. ERR_REFUSED for what is no regular file, ERR_FORMAT and ERR_LIMIT as claude_json_merge(), for the
 * host's file, too. On failure the host's file is as it was. Called twice, the second changes nothing. */
int claude_merge_file(const char *path, struct str base, struct str theirs, const char *project,
                      bool *changed, struct err *e);

#endif
