/* SPDX-License-Identifier: MIT */
/* Finds the links in the directories of claude's set-up (skills/, commands/, agents/, ...) that
 * lead out of them. Many users keep these files in another directory, such as that of their
 * settings under version control, and link to it. */
#ifndef HOST_CLAUDE_LINKS_H
#define HOST_CLAUDE_LINKS_H

#include "base/arena.h"
#include "plan/facts.h"

enum {
    CLAUDE_LINKS_DIRS = 400, /* count of the directories that are examined, upper ones first */
    CLAUDE_LINKS_NAMES = 8000, /* count of the names in them that are examined */
    CLAUDE_LINKS_MAX = 128     /* count of the links that are found */
};

/* Sets f->claude_links. Examines the directories of f->claude_state that the host's claude
 * obeys to a depth of three levels, and then in the same way the directories to which links
 * lead. A link to a missing file is left out, because it leads nowhere on the host as well.
 * Notes in f->untrusted and f->pins whether what a link leads to may be used (host/look.h).
 * Strings are in the arena. Blocks only as the file system does. */
void claude_links_probe(struct arena *a, struct facts *f);

#endif
