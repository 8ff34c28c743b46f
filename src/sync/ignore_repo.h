/* SPDX-License-Identifier: MIT */
/* What one repository's own files say about its work tree as a whole: which paths are tracked,
 * and which patterns hold everywhere in it. Reads .git (a directory, or the file of a worktree
 * or a submodule that names one), the index, info/exclude, and of the configuration
 * core.excludesFile, core.ignoreCase and what the formats depend on; files that are included
 * are read, those of includeIf are not. Nothing but regular files of bounded size is read, and
 * what cannot be read counts as not there, but for the index: then everything is tracked. */
#ifndef SYNC_IGNORE_REPO_H
#define SYNC_IGNORE_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sync/ignore.h"
#include "sync/ignore_index.h"

struct ignore_repo {
    struct ignore_repo *next; /* for the owner's list */
    size_t base;              /* for the owner: where paths below the repository's top begin */
    struct ignore_index index;
    bool all_tracked;      /* the index tells nothing */
    bool nocase;           /* core.ignoreCase */
    struct ignore exclude; /* info/exclude */
    struct ignore user;    /* core.excludesFile: weaker */
    const char *common;    /* the directory that its worktrees share, clean */
};

/* Where a repository may be looked for. */
struct ignore_place {
    const char *top;    /* the work tree: absolute and clean */
    const char *home;   /* for the user's settings; NULL: none */
    const char *config; /* $XDG_CONFIG_HOME; NULL or "": ~/.config */
    const char *within; /* not NULL: a .git file must lead below this directory or ... */
    const char *or_within;
    size_t budget; /* bytes that may be read for indexes; what is read is taken off */
};

/* NULL where there is no repository with its top there. Lives in the arena but for the index:
 * ignore_repo_release(). */
struct ignore_repo *ignore_repo_read(struct ignore_place *place, struct arena *a);

void ignore_repo_release(struct ignore_repo *r);

#endif
