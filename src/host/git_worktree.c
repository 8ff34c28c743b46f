/* SPDX-License-Identifier: MIT */
#include "host/git_worktree.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "host/git_top.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <fcntl.h>
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

/* Returns the .git file of the worktree that `dir`, a directory COMMON/worktrees/NAME,
 * describes. Returns NULL if it does not lead back to `dir`. */
static const char *dot_git_of(struct arena *a, const char *dir)
{
    const char *named = path_join(a, dir, "gitdir");
    const char *path = file_is_regular(named) ? file_first_line(a, named) : NULL;
    const char *line;
    const char *back;

    path = path != NULL ? path_join(a, dir, path) : NULL;
    if (path == NULL || strcmp(path_base(path), ".git") != 0 || !file_is_regular(path)) {
        return NULL;
    }
    path = path_clean(a, path);
    back = lookup_physical(a, path);
    if (back == NULL || strcmp(back, path) != 0) {
        return NULL;
    }
    line = file_first_line(a, path);
    if (line == NULL || strncmp(line, "gitdir: ", 8) != 0) {
        return NULL;
    }
    back = lookup_physical(a, path_join(a, path_dir(a, path), line + 8));
    return back != NULL && strcmp(back, dir) == 0 ? path : NULL;
}

void git_worktrees_probe(struct arena *a, struct facts *f)
{
    const char *git =
        f->git_common_dir != NULL ? f->git_common_dir : git_top_dir(a, f->project);
    const char *all = git != NULL ? lookup_physical(a, path_join(a, git, "worktrees")) : NULL;
    struct err ignored = {0}; /* no worktrees, or none that git can find either */
    int fd = all != NULL ? lookup_open(all, O_RDONLY | O_DIRECTORY, &ignored) : -1;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    for (int i = 0; d != NULL && i < GIT_WORKTREES_MAX && (entry = readdir(d)) != NULL; i++) {
        const char *dir = path_join(a, all, entry->d_name);
        const char *dot_git = entry->d_name[0] != '.' ? dot_git_of(a, dir) : NULL;

        if (dot_git != NULL && !path_is_inside(dot_git, f->project)) {
            strv_add(&f->git_worktrees, a, dot_git);
            strv_add(&f->git_worktrees, a, dir);
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    } else {
        fd_close(&fd);
    }
}
