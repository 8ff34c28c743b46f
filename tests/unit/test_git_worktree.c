/* SPDX-License-Identifier: MIT */
#include "host/git_worktree.h"

#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

static void worktrees(void)
{
    (void)mkdir(in_tmp("main"), 0700);
    (void)mkdir(in_tmp("main/.git"), 0700);
    (void)mkdir(in_tmp("main/.git/worktrees"), 0700);
    (void)mkdir(in_tmp("main/.git/worktrees/w"), 0700);
    (void)mkdir(in_tmp("w"), 0700);
    put_file(in_tmp("w/.git"),
             arena_printf(&arena, "gitdir: %s/main/.git/worktrees/w\n", tmpdir));
    is_str(git_worktree_common_dir(&arena, in_tmp("w")), NULL,
           "a worktree to which no file points back is refused");
    put_file(in_tmp("main/.git/worktrees/w/gitdir"),
             arena_printf(&arena, "%s/w/.git\n", tmpdir));
    put_file(in_tmp("main/.git/worktrees/w/commondir"), "../..\n");
    put_file(in_tmp("main/.git/HEAD"), "ref: refs/heads/main\n");
    is_str(git_worktree_common_dir(&arena, in_tmp("w")), in_tmp("main/.git"),
           "the common directory of the standard layout is found");
    is_str(git_worktree_common_dir(&arena, in_tmp("main")), NULL,
           "a repository that is not a worktree has no common directory");
    put_file(in_tmp("w/.git"), "gitdir: /etc\n");
    is_str(git_worktree_common_dir(&arena, in_tmp("w")), NULL,
           "a .git file that names another directory is refused");
    put_file(in_tmp("w/.git"), arena_printf(&arena, "gitdir: %s/main/.git\n", tmpdir));
    is_str(git_worktree_common_dir(&arena, in_tmp("w")), NULL,
           "a .git file like that of a submodule is refused");
    is_str(git_worktree_common_dir(&arena, "/nonexistent"), NULL,
           "a missing directory has no common directory");
}

int main(void)
{
    tmpdir_make();
    worktrees();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
