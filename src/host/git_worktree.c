/* SPDX-License-Identifier: MIT */
#include "host/git_worktree.h"

#include "base/file.h"
#include "base/path.h"
#include "trust/lookup.h"

#include <string.h>

const char *git_worktree_common_dir(struct arena *a, const char *project)
{
    const char *dot_git = path_join(a, project, ".git");
    const char *line = file_is_regular(dot_git) ? file_first_line(a, dot_git) : NULL;
    const char *gitdir;
    const char *back;
    const char *worktrees;

    if (line == NULL || strncmp(line, "gitdir: ", 8) != 0) {
        return NULL;
    }
    gitdir = lookup_physical(a, path_join(a, project, line + 8));
    if (gitdir == NULL) {
        return NULL;
    }
    worktrees = path_dir(a, gitdir);
    if (strcmp(path_base(worktrees), "worktrees") != 0) {
        return NULL;
    }
    /* An agent can write any path into the .git file. So a file outside of the project, which
     * the agent cannot write, must point back. */
    back = file_first_line(a, path_join(a, gitdir, "gitdir"));
    back = back != NULL ? lookup_physical(a, path_join(a, gitdir, back)) : NULL;
    if (back == NULL || strcmp(back, dot_git) != 0 || path_is_inside(gitdir, project) ||
        !file_is_regular(path_join(a, path_dir(a, worktrees), "HEAD"))) {
        return NULL;
    }
    return path_dir(a, worktrees);
}
