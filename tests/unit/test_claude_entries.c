/* SPDX-License-Identifier: MIT */
#include "host/claude_entries.h"

#include "base/file.h"
#include "plan/claude_state.h"
#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes the repository "main" with the worktree "app". */
static void make_worktree(struct arena *a)
{
    struct err e = {0};

    ok(file_mkdirs(in_tmp("main/.git/worktrees/w"), 0700, &e) == 0 &&
           file_mkdirs(in_tmp("app"), 0700, &e) == 0,
       "a worktree is made: %s", e.text);
    put_file(in_tmp("main/.git/HEAD"), "ref: refs/heads/main\n");
    put_file(in_tmp("main/.git/worktrees/w/gitdir"),
             arena_printf(a, "%s\n", in_tmp("app/.git")));
    put_file(in_tmp("app/.git"),
             arena_printf(a, "gitdir: %s\n", in_tmp("main/.git/worktrees/w")));
}

int main(void)
{
    struct arena a = {0};
    struct facts f = {.uid = getuid(), .data_dir = "/srv/data"};
    char dir[128];
    char own[300];
    char main_memory[320];
    char main_dir[300];

    tmpdir_make();
    f.project = f.cwd_physical = arena_strdup(&a, in_tmp("app"));
    (void)snprintf(own, sizeof(own), "claude/projects/%s", claude_project_name(&a, f.project));
    (void)snprintf(main_dir, sizeof(main_dir), "claude/projects/%s",
                   claude_project_name(&a, in_tmp("main")));
    (void)snprintf(main_memory, sizeof(main_memory), "%s/memory", main_dir);
    make_worktree(&a);
    (void)snprintf(dir, sizeof(dir), "%s/claude", tmpdir);
    f.claude_dir = dir;
    f.claude_state = arena_array(&a, claude_state_count, sizeof(f.claude_state[0]));
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_MISSING, "a missing entry is missing");
    is_str(f.claude_project.physical, in_tmp(own), "its path is known");
    ok(f.claude_memory.physical == NULL, "without a worktree no other memory is shared");
    (void)mkdir(in_tmp("claude"), 0700);
    (void)mkdir(in_tmp("claude/projects"), 0700);
    (void)symlink("/etc", in_tmp(own));
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_OTHER, "a link is not followed");
    (void)unlink(in_tmp(own));
    (void)mkdir(in_tmp(own), 0700);
    f.git_common_dir = arena_strdup(&a, in_tmp("main/.git"));
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_DIR, "a directory is found");
    is_str(f.claude_memory.physical, in_tmp(main_memory),
           "the memory of a worktree is that of its repository");
    ok(f.claude_memory.type == FACT_MISSING, "it may be missing");
    (void)symlink("/etc", in_tmp(main_dir));
    claude_entries_probe(&a, &f);
    ok(f.claude_memory.type == FACT_OTHER, "a link on the way to it is not followed");
    (void)unlink(in_tmp(main_dir));
    (void)mkdir(in_tmp(main_dir), 0700);
    (void)mkdir(in_tmp(main_memory), 0700);
    claude_entries_probe(&a, &f);
    ok(f.claude_memory.type == FACT_DIR, "a directory is found");
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
