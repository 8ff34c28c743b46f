/* SPDX-License-Identifier: MIT */
#include "host/git_worktree.h"

#include "base/path.h"

#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void others_are_found(void)
{
    struct facts f = {.project = in_tmp("repo")};

    f.project = arena_strdup(&arena, f.project);
    (void)mkdir(in_tmp("repo"), 0700);
    (void)mkdir(in_tmp("repo/.git"), 0700);
    (void)mkdir(in_tmp("repo/.git/objects"), 0700);
    (void)mkdir(in_tmp("repo/inner"), 0700);
    (void)mkdir(in_tmp("other"), 0700);
    (void)mkdir(in_tmp("liar"), 0700);
    put_file(in_tmp("repo/.git/HEAD"), "ref: refs/heads/main\n");
    git_worktrees_probe(&arena, &f);
    ok(f.git_worktrees.count == 0, "a repository without worktrees has none");
    (void)mkdir(in_tmp("repo/.git/worktrees"), 0700);
    for (const char *const *name =
             (const char *const[]){"other", "inner", "liar", "gone", NULL};
         *name != NULL; name++) {
        const char *dir = arena_printf(&arena, "%s/repo/.git/worktrees/%s", tmpdir, *name);
        const bool inner = (*name)[0] == 'i';
        const char *at =
            arena_printf(&arena, "%s/%s%s/.git", tmpdir, inner ? "repo/" : "", *name);

        (void)mkdir(dir, 0700);
        put_file(path_join(&arena, dir, "gitdir"), arena_printf(&arena, "%s\n", at));
        if ((*name)[0] != 'g') {
            put_file(at, arena_printf(&arena, "gitdir: %s\n",
                                      (*name)[0] == 'l' ? in_tmp("other") : dir));
        }
    }
    git_worktrees_probe(&arena, &f);
    ok(f.git_worktrees.count == 2 && strcmp(f.git_worktrees.v[0], in_tmp("other/.git")) == 0,
       "a worktree elsewhere is found, and none in the project, without its file, or with a "
       "file that leads elsewhere");
    is_str(f.git_worktrees.v[1], in_tmp("repo/.git/worktrees/other"), "with its directory");
    (void)unlink(in_tmp("other/.git"));
    (void)mkfifo(in_tmp("other/.git"), 0600);
    f.git_worktrees.count = 0;
    git_worktrees_probe(&arena, &f);
    ok(f.git_worktrees.count == 0, "a pipe in the place of the file is not opened");
}

int main(void)
{
    tmpdir_make();
    worktrees();
    others_are_found();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
