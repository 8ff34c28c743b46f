/* SPDX-License-Identifier: MIT */
/* The directories outside of the project that git needs: a git directory to which `.git` leads,
 * and the object directories of other repositories (alternates). The files that name them are
 * the project's, so an agent could have written them. So each directory is an item of the
 * project's trust (trust/trust_items.h), and a session gets it only if the user trusts the
 * project. gitrepository-layout(5). */
#ifndef HOST_GIT_OUTSIDE_H
#define HOST_GIT_OUTSIDE_H

#include "base/arena.h"
#include "plan/facts.h"
#include "trust/trust_items.h"

enum {
    GIT_OUTSIDE_MAX = 8,  /* count of the directories; further ones are left out */
    GIT_OUTSIDE_DEPTH = 5 /* levels of alternates of alternates: as in git */
};

/* Finds the git directory and the object directories outside of the project at `dir`, a
 * physical path. `common` is the common directory of a linked worktree, which the session gets
 * anyway, or NULL. Adds each directory to *out, and its item to *t. Leaves out a directory
 * that lacks the entries of a git or object directory, that a sandbox cannot get
 * (project_refusal()), or that exceeds GIT_OUTSIDE_MAX; if `missing` is not NULL, adds lines
 * about the first few of these to it. Strings are in the arena of *t. Blocks only
 * as the file system does. */
void git_outside_find(const struct facts *f, const char *dir, const char *common,
                      struct git_outside *out, struct trust_items *t, struct missing *missing);

#endif
