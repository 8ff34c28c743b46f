/* SPDX-License-Identifier: MIT */
/* Reads what one repository says about its work tree as a whole: which paths are tracked, and
 * which patterns hold everywhere in it. Reads .git (a directory, or the file of a worktree or
 * submodule that names one), the index, info/exclude, and from the configuration
 * core.excludesFile, core.ignoreCase and the format variables. Included files are read, those
 * of includeIf are not. Only regular files of bounded size are read. A file that cannot be read
 * counts as missing, except the index: then everything counts as tracked. */
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
    bool all_tracked;      /* the index could not be read */
    bool nocase;           /* core.ignoreCase */
    struct ignore exclude; /* info/exclude */
    struct ignore user;    /* core.excludesFile: weaker */
    const char *common;    /* the directory that its worktrees share, clean */
};

/* The place where a repository is looked for. */
struct ignore_place {
    const char *top;    /* the work tree: absolute and clean */
    const char *home;   /* the home directory with the user's settings; NULL: none */
    const char *config; /* $XDG_CONFIG_HOME; NULL or "": ~/.config */
    const char *within; /* not NULL: a .git file must name a directory below this one or ... */
    const char *or_within;
    size_t budget; /* bytes of index files that may be read; what is read is subtracted */
};

/* Returns the repository, or NULL if there is no repository with its top there. It lives in the
 * arena, except the index, which ignore_repo_release() frees. */
struct ignore_repo *ignore_repo_read(struct ignore_place *place, struct arena *a);

void ignore_repo_release(struct ignore_repo *r);

#endif
