/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "base/clock.h"
#include "host/audit_table.h"

#include "audit.h"

#include <fcntl.h>

/* Returns the path of a file that matches the pattern; NULL for the empty pattern. */
static const char *example(const char *pattern)
{
    char *name = arena_alloc(&arena, strlen(pattern) + 1);
    size_t len = 0;

    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '*') {
            name[len++] = *pattern;
        } else if (len == 0 || name[len - 1] != 'x') {
            name[len++] = 'x';
        }
    }
    return len > 0 ? name : NULL;
}

static void every_rule_finds_its_file(void)
{
    for (size_t i = 0; i < audit_rule_count; i++) {
        const char *name = example(audit_rules[i].pattern);
        bool found = false;

        if (name == NULL || strcmp(name, ".git") == 0 || strcmp(name, "x/.git") == 0) {
            continue;
        }
        start();
        take(&before);
        put(arena_printf(&arena, "p/%s", name), "x");
        take(&after);
        audit_diff(&before, &after, &arena, &report);
        for (size_t k = 0; k < report.count; k++) {
            found = found || (report.findings[k].what == AUDIT_ADDED &&
                              strcmp(report.findings[k].path, name) == 0);
        }
        ok(found, "%s is found by the rule %s", name, audit_rules[i].pattern);
    }
}

static void changes_are_found(void)
{
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 2000}};

    start();
    put("p/src/main.c", "int x;");
    put("p/.git/hooks/pre-commit.sample", "#!/bin/sh");
    put("p/.git/config", "[core]\n");
    put("p/.git/objects/aa/hooks/pre-commit", "no repository");
    now(".git is now a directory; .git/config added",
        "without an earlier snapshot, everything is new");
    now("", "an unchanged project has no findings");
    put("p/.git/hooks/pre-commit", "#!/bin/sh\n");
    now(".git/hooks/pre-commit added", "a new hook is a finding");
    is_str(audit_line(&report.findings[0], &arena), ".git/hooks/pre-commit added (git runs it)",
           "the line of the finding names the program and the reason");
    put("p/.git/hooks/pre-commit", "#!/bin/sh\nx\n");
    put("p/.git/hooks/pre-commit.sample", "other");
    put("p/src/main.c", "int y;");
    now(".git/hooks/pre-commit changed",
        "a changed hook is a finding; samples of hooks and sources are not");
    put("p/.git/hooks/pre-commit", "#!/bin/sh\nx\n");
    (void)utimensat(AT_FDCWD, in_tmp("p/.git/hooks/pre-commit"), times, 0);
    now("", "a file with the same bytes and other times is not a finding");
    (void)chmod(in_tmp("p/.git/hooks/pre-commit"), 0755);
    now(".git/hooks/pre-commit has mode 755 now, was 644",
        "a file that became executable is a finding");
    (void)chmod(in_tmp("p/.git/hooks/pre-commit"), 0775);
    now("", "a group that may write, which depends on the umask, is not a finding");
    (void)chmod(in_tmp("p/.git/hooks/pre-commit"), 06775);
    now(".git/hooks/pre-commit is setuid now", "a new setuid bit is a finding");
    (void)chmod(in_tmp("p/.git/hooks/pre-commit"), 0775);
    now("", "a removed setuid bit is not a finding");
    put("p/.envrc", "x");
    (void)chmod(in_tmp("p/.envrc"), 02644);
    now(".envrc added; .envrc is setgid now",
        "a new file with a setgid bit gives two findings");
    (void)unlink(in_tmp("p/.envrc"));
    now(".envrc removed", "a removed file is a finding");
    put("p/.husky/_/h", "x");
    put("p/.mcp.json", "{}");
    put("p/sub/.envrc", "x");
    put("p/.git/modules/lib/nested/hooks/pre-push", "x");
    put("p/.git/modules/lib/nested/objects/hooks/pre-push", "data");
    now(".git/modules/lib/nested/hooks/pre-push added; .husky/_/h added; .mcp.json added; "
        "sub/.envrc added",
        "the findings are in the order of the table");
    put("p/.husky/_/hard", "");
    (void)unlink(in_tmp("p/.husky/_/hard"));
    ok(link(in_tmp("p/src/main.c"), in_tmp("p/.husky/_/hard")) == 0, "a hard link can be made");
    now(".husky/_/hard added", "a hard link is reported as a file");
}

static void core_hooks_path_counts(void)
{
    start();
    put("p/tools/hooks/pre-commit", "x");
    put("p/tools/other/pre-commit", "x");
    put("p/.git/config", "[core]\n");
    now(".git is now a directory; .git/config added",
        "files of a directory that git does not use for hooks are not findings");
    put("p/.git/config", "[core]\nhooksPath = tools/hooks\n");
    now(".git/config changed; tools/hooks/pre-commit added",
        "files in the directory that core.hooksPath names are findings");
    put("p/tools/hooks/pre-commit", "y");
    now("tools/hooks/pre-commit changed", "changes of these files are findings");
    put("p/.git/config",
        arena_printf(&arena, "[core]\nhooksPath = %s/../p/tools/other\n", in_tmp("p")));
    now(".git/config changed; tools/other/pre-commit added",
        "files of the directory that core.hooksPath named before are not reported as removed");
    put("p/.git/config.worktree", "[core]\nhooksPath = .\n");
    put("p/x.sh", "");
    now(".git/config.worktree added; x.sh added", "core.hooksPath can name the project itself");
    put("p/.git/config.worktree", "[core]\nhooksPath = ../elsewhere\n");
    now(".git/config.worktree changed", "a directory outside of the project is not examined");
    is_str(after.hooks_path, NULL, "a directory outside of the project is not recorded");
    (void)unlink(in_tmp("p/.git/config.worktree"));
    (void)unlink(in_tmp("p/.git/config"));
    (void)symlink("/etc/passwd", in_tmp("p/.git/config"));
    now(".git/config is now a link to /etc/passwd; .git/config.worktree removed",
        "a configuration that became a link is reported and not read");
}

static void common_directory_of_a_worktree_counts(void)
{
    const char *common = arena_printf(&arena, "%s/main/.git", tmpdir);
    struct err e = {0};

    start();
    put("main/.git/config", "[core]\nhooksPath = h\n");
    put("p/.git", "gitdir: ../main/.git/worktrees/p\n");
    put("p/h/pre-commit", "");
    ok(audit_take(in_tmp("p"), common, &arena, &before, &e) == 0,
       "a snapshot of a worktree can be taken");
    is_str(before.hooks_path, "h",
           "core.hooksPath of the common directory counts for the worktree");
    put("main/.git/hooks/post-merge", "");
    put("main/.git/worktrees/p/config.worktree", "");
    put("main/.envrc", "");
    put("p/h/pre-commit", "x");
    put("p/.git", "gitdir: h\n");
    ok(audit_take(in_tmp("p"), common, &arena, &after, &e) == 0,
       "a second snapshot of the worktree can be taken");
    audit_diff(&before, &after, &arena, &report);
    is_str(
        lines(),
        arena_printf(&arena,
                     ".git changed; %s/hooks/post-merge added; "
                     "%s/worktrees/p/config.worktree added; h/pre-commit changed",
                     common, common),
        "changes in the project and in the common directory are findings, and others are not");
    ok(audit_take("/nonexistent", "/nonexistent/too", &arena, &after, &e) == 0 &&
           after.count == 0,
       "missing directories count as empty");
    ok(audit_take(in_tmp("p/.git"), NULL, &arena, &after, &e) == 0 && after.count == 0,
       "a file in the place of a directory counts as empty");
    ok(audit_take(in_tmp("p"), common, &arena, &before, &e) == 0,
       "a third snapshot of the worktree can be taken");
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(),
           arena_printf(&arena,
                        ".git removed; %s/config removed; %s/hooks/post-merge removed; "
                        "%s/worktrees/p/config.worktree removed",
                        common, common, common),
           "the files of a directory that the new snapshot does not contain are reported as "
           "removed");
}

static void a_normal_project_is_fast(void)
{
    int64_t best = INT64_MAX;

    start();
    for (int i = 0; i < 15; i++) {
        put(arena_printf(&arena, "p/.git/hooks/hook-%d.sample", i), "#!/bin/sh\n");
    }
    for (int i = 0; i < 40; i++) {
        put(arena_printf(&arena, "p/dir%d/file", i), "x");
    }
    put("p/.git/config", "[core]\n\tbare = false\n");
    put("p/.claude/settings.json", "{}");
    put("p/.claude/commands/x.md", "x");
    put("p/.vscode/settings.json", "{}");
    put("p/.vscode/tasks.json", "{}");
    put("p/.npmrc", "");
    for (int i = 0; i < 20; i++) {
        int64_t start_us = clock_us();
        int64_t spent;

        take(&before);
        take(&after);
        audit_diff(&before, &after, &arena, &report);
        spent = clock_us() - start_us;
        best = spent < best ? spent : best;
    }
    (void)printf("# two snapshots and a comparison: %lld us\n", (long long)best);
    ok(best < 100000, "a normal project is examined in less than a tenth of a second");
    is_int((long long)report.count, 0, "the unchanged project has no findings");
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    every_rule_finds_its_file();
    changes_are_found();
    core_hooks_path_counts();
    common_directory_of_a_worktree_counts();
    a_normal_project_is_fast();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
