/* SPDX-License-Identifier: MIT */
/* The leftovers of an interrupted claude_fetch() in DATA/claude-code: downloads that are not
 * complete, and half unpacked versions. */
#ifndef SESSION_CLAUDE_LEFTOVERS_H
#define SESSION_CLAUDE_LEFTOVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"

/* The beginnings of the names of downloads and of half unpacked versions, and the name of the
 * lock that claude_fetch() holds. */
#define CLAUDE_DOWNLOAD ".download-"
#define CLAUDE_UNPACKED ".unpacked-"
#define CLAUDE_FETCH_LOCK ".lock"

/* Finds the user's leftovers in `dir` (DATA/claude-code) that were last written before
 * `before_s`, in seconds since 1970. Adds their paths to `paths`, in the arena. If `remove` is
 * true, removes them, and adds only the paths of those that it could remove. The caller holds
 * the lock, or the file of the lock does not exist. Blocks only as the file system does. */
void claude_leftovers(const char *dir, int64_t before_s, bool remove, struct arena *a,
                      struct strv *paths);

#endif
