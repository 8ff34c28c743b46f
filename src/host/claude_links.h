/* SPDX-License-Identifier: MIT */
/* Finds the links in the directories of claude's set-up (skills/, commands/, agents/, ...) that
 * lead out of them. Many users keep these files in another directory, such as that of their
 * settings under version control, and link to it.
 *
 * Only a link directly in such a directory is the user's own. A skill, or the directory to
 * which a link leads, can be a clone of somebody else's repository, and a link in it can lead
 * to any file of the user: it is foreign, and only named. The same holds for the links of a
 * directory that is itself a link or a git work tree. Plugins are not examined. */
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
 * obeys, except for plugins, to a depth of three levels, and then in the same way the
 * directories to which links lead. The user's own links come first. A link to a missing file is
 * left out, because it leads nowhere on the host as well. Notes in f->untrusted and f->pins
 * whether what a link of the user leads to may be used (host/look.h). Strings are in the arena.
 * Blocks only as the file system does. */
void claude_links_probe(struct arena *a, struct facts *f);

#endif
