/* SPDX-License-Identifier: MIT */
/* Finds the rules of claude: the Markdown files in a directory ".claude/rules". */
#ifndef HOST_CLAUDE_RULES_H
#define HOST_CLAUDE_RULES_H

#include "base/arena.h"
#include "base/list.h"

enum { CLAUDE_RULES_NAMES = 512 /* count of the names that are examined */ };

/* Adds the paths of all "*.md" at and below the directory `dir` to `out`, sorted and in the
 * arena. `dir` must be physical. No link to a directory is followed, but a link with such a
 * name is added. Blocks only as the file system does. */
void claude_rules_find(struct arena *a, const char *dir, struct strv *out);

#endif
