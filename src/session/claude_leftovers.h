/* SPDX-License-Identifier: MIT */
/* What an interrupted claude_fetch() leaves in DATA/claude-code: downloads that are not
 * complete, and half unpacked versions. */
#ifndef SESSION_CLAUDE_LEFTOVERS_H
#define SESSION_CLAUDE_LEFTOVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"

/* The beginnings of their names, and the name of the lock that claude_fetch() holds. */
#define CLAUDE_DOWNLOAD ".download-"
#define CLAUDE_UNPACKED ".unpacked-"
#define CLAUDE_FETCH_LOCK ".lock"

/* Finds those in `dir` that were last written before `before_s`, in seconds since 1970, and
 * removes them if `remove` is true. Adds the paths of those that it found, or could remove, to
 * `paths`, in the arena. The caller holds the lock, or there is none. */
void claude_leftovers(const char *dir, int64_t before_s, bool remove, struct arena *a,
                      struct strv *paths);

#endif
