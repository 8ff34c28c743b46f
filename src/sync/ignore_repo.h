/* SPDX-License-Identifier: MIT */
/* Reads the settings of one repository that apply to its whole work tree: the tracked paths,
 * and the patterns that are not in a .gitignore. Reads .git (a directory, or the file of a
 * worktree or submodule that names a directory), the index, info/exclude, and the variables
 * core.excludesFile, core.ignoreCase and those of the repository's format. Follows include.path
 * but not includeIf. Reads only regular files of bounded size. A file that cannot be read
 * counts as missing, except the index: everything counts as tracked then. */
#ifndef SYNC_IGNORE_REPO_H
#define SYNC_IGNORE_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sync/ignore.h"
#include "sync/ignore_index.h"

struct ignore_repo {
    /* The next two members are for the caller; ignore_repo_read() sets them to NULL and 0. */
    struct ignore_repo *next; /* the caller's list */
    size_t base;              /* bytes of a path before the part relative to the top */
    struct ignore_index index;
    bool all_tracked;      /* the index could not be read, so everything counts as tracked */
    bool nocase;           /* core.ignoreCase */
    struct ignore exclude; /* info/exclude */
    struct ignore user;    /* core.excludesFile; applies if `exclude` has no matching rule */
    const char *common;    /* the .git directory that all worktrees share; absolute and clean */
};

/* The place in which a repository is searched. The strings are borrowed. */
struct ignore_place {
    const char *top;    /* the work tree: absolute and clean */
    const char *home;   /* the home directory with the user's settings; NULL: none */
    const char *config; /* $XDG_CONFIG_HOME; NULL or "": ~/.config */
    /* If `within` is not NULL, a .git file must name a directory inside `within` or inside
     * `or_within`; otherwise it is not followed. */
    const char *within;
    const char *or_within;
    size_t budget; /* bytes of index files that may be read; reading decreases it */
};

/* Reads the repository whose work tree is place->top. Returns it, and NULL if there is none. It
 * lives in the arena, except the index, which ignore_repo_release() frees. */
struct ignore_repo *ignore_repo_read(struct ignore_place *place, struct arena *a);

void ignore_repo_release(struct ignore_repo *r);

#endif
