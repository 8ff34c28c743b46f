/* SPDX-License-Identifier: MIT */
/* The git work tree that contains a directory. cco runs no git: it looks for `.git` as git
 * does. The functions block only as the file system does. gitrepository-layout(5), git(1)
 * "Discussion", gitsubmodules(7). */
#ifndef HOST_GIT_TOP_H
#define HOST_GIT_TOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "trust/ledger.h"

#define TRUST_REPOSITORIES "repositories" /* the kind of the records (trust/trust_record.h) */
#define TRUST_PARTS "parts"               /* another kind: git_top_accept() */

struct git_top {
    /* The first directory with a repository at or above the directory; NULL: there is none. */
    const char *nearest;
    /* The top level of the work tree: `nearest`, or for a submodule that of the superproject
     * which contains all others. NULL: there is none. */
    const char *top;
};

/* Finds the work tree that contains `dir`, a physical path. `uid` is the user: a `.git` that
 * belongs to another user ends the search, as it does for git (safe.directory); root also uses
 * those of the user to whom `dir` belongs. A directory in which every user can create files is
 * not a top level. The search does not leave the file system. The strings are in the arena, or
 * are `dir` itself. */
struct git_top git_top_find(struct arena *a, const char *dir, uint64_t uid);

/* Returns the git directory of the work tree whose top level is `dir`: the directory `.git`, or
 * the directory to which a link or a file of that name leads. The path is physical and in the
 * arena. Returns NULL if `dir` has no repository. */
const char *git_top_dir(struct arena *a, const char *dir);

/* Returns true if an agent could not have made the repository at `top`: no session could write
 * there, or none could when git_top_record() was called. `trees` are those of the ledger. */
bool git_top_is_own(struct arena *a, const char *state_dir, const struct ledger *trees,
                    const char *top);

/* Records that the repository at `top` is the user's, so that it is still the top level of a
 * project after a session could write there. Does nothing if that is recorded already. Returns
 * 0 on success and -1 on error, as trust_record_write() does. */
int git_top_record(const char *state_dir, const char *top, struct err *e);

/* Returns the first directory from `dir` up to `top`, without `top`, which an earlier session
 * had without the rest of `top`, or which was a repository of its own: an agent that removed
 * that repository must not gain what is around it. Does not return directories that the user
 * has accepted as parts of `top`. Returns NULL if there is no such directory. `trees` are those
 * of the ledger. */
const char *git_top_limit(struct arena *a, const char *state_dir, const struct ledger *trees,
                          const char *dir, const char *top);

/* Adds every directory below `top` that is a limit of git_top_limit() to `parts`, in the arena.
 * Leaves out directories that belong to a repository of their own now: an agent there could
 * remove it after the user has accepted the others. `trees` are those of the ledger. */
void git_top_parts(struct arena *a, const char *state_dir, const struct ledger *trees,
                   uint64_t uid, const char *top, struct strv *parts);

/* Records that the repository at `top` is the user's, as git_top_record() does, and that the
 * directories `parts` are parts of it. A directory that later takes the place of one of them is
 * not. Returns 0 on success and -1 on error: ERR_SYS if a part cannot be found, and those of
 * trust_record_write(). */
int git_top_accept(const char *state_dir, const struct strv *parts, const char *top,
                   struct err *e);

/* Forgets that directories are parts of the repository at `top`. Returns their number, and -1
 * on error, as trust_record_remove() does. */
int git_top_forget_parts(const char *state_dir, const char *top, struct err *e);

/* Does the same as git_top_record() for each of the directories that a session will be able to
 * write, if it is the top level of a work tree and no agent could have made it. Returns 0 on
 * success and -1 on error, as git_top_accept() does. */
int git_top_record_own(const char *state_dir, uint64_t uid, const struct strv *dirs,
                       struct err *e);

#endif
