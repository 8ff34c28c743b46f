/* SPDX-License-Identifier: MIT */
#include "host/claude_entries.h"

#include "plan/claude_state.h"
#include "tap.h"
#include "tmpdir.h"

int main(void)
{
    struct arena a = {0};
    struct facts f = {
        .project = "/srv/app", .cwd_physical = "/srv/app", .data_dir = "/srv/data"};
    char dir[128];

    tmpdir_make();
    (void)snprintf(dir, sizeof(dir), "%s/claude", tmpdir);
    f.claude_dir = dir;
    f.claude_state = arena_array(&a, claude_state_count, sizeof(f.claude_state[0]));
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_MISSING, "a missing entry is missing");
    is_str(f.claude_project.physical, in_tmp("claude/projects/-srv-app"), "its path is known");
    ok(f.claude_memory.physical == NULL, "without a worktree no other memory is shared");
    (void)mkdir(in_tmp("claude"), 0700);
    (void)mkdir(in_tmp("claude/projects"), 0700);
    (void)symlink("/etc", in_tmp("claude/projects/-srv-app"));
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_OTHER, "a link is not followed");
    (void)unlink(in_tmp("claude/projects/-srv-app"));
    (void)mkdir(in_tmp("claude/projects/-srv-app"), 0700);
    f.git_common_dir = "/srv/main/.git";
    claude_entries_probe(&a, &f);
    ok(f.claude_project.type == FACT_DIR, "a directory is found");
    is_str(f.claude_memory.physical, in_tmp("claude/projects/-srv-main/memory"),
           "the memory of a worktree is that of its repository");
    ok(f.claude_memory.type == FACT_MISSING, "it may be missing");
    (void)symlink("/etc", in_tmp("claude/projects/-srv-main"));
    claude_entries_probe(&a, &f);
    ok(f.claude_memory.type == FACT_OTHER, "a link on the way to it is not followed");
    (void)unlink(in_tmp("claude/projects/-srv-main"));
    (void)mkdir(in_tmp("claude/projects/-srv-main"), 0700);
    (void)mkdir(in_tmp("claude/projects/-srv-main/memory"), 0700);
    claude_entries_probe(&a, &f);
    ok(f.claude_memory.type == FACT_DIR, "a directory is found");
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
