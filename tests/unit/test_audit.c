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
    for (unsigned i = 0; i < audit_rule_count(); i++) {
        const struct audit_rule *rule = audit_rule(i);
        const char *name = example(rule->pattern);
        bool is_bulk = audit_rule_section(i) == AUDIT_SECTION_BULK;
        bool found = false;

        if (audit_rule_section(i) != AUDIT_SECTION_TREE && !is_bulk) {
            continue;
        }
        name = arena_printf(&arena, "a/b/%s", name);
        start();
        take(&before);
        put(arena_printf(&arena, "p/%s%s", name, is_bulk ? "/x" : ""),
            rule->content == AUDIT_GIT_REBASE ? "exec x" : "x");
        take(&after);
        audit_diff(&before, &after, &arena, &report);
        for (size_t k = 0; k < report.count; k++) {
            found = found || (report.findings[k].what == AUDIT_ADDED &&
                              strcmp(report.findings[k].path, name) == 0);
        }
        ok(found, "%s is found by the rule %s", name, rule->pattern);
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
    now("", "a new repository executes nothing");
    now("", "an unchanged project has no findings");
    put("p/.git/hooks/pre-commit", "#!/bin/sh\n");
    now(".git/hooks/pre-commit added", "a new hook is a finding");
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
    now(".git/modules/lib/nested/hooks/pre-push added; "
        ".git/modules/lib/nested/objects/hooks/pre-push added; .husky/_/h added; .mcp.json "
        "added; "
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
    now("", "files of a directory that git does not use for hooks are not findings");
    put("p/.git/config", "[core]\nhooksPath = tools/hooks\n");
    now("tools/hooks/pre-commit added; .git/config changed",
        "files in the directory that core.hooksPath names are findings");
    put("p/tools/hooks/pre-commit", "y");
    now("tools/hooks/pre-commit changed", "changes of these files are findings");
    put("p/.git/config",
        arena_printf(&arena, "[core]\nhooksPath = %s/../p/tools/other\n", in_tmp("p")));
    now("tools/other/pre-commit added; .git/config changed",
        "files of the directory that core.hooksPath named before are not reported as removed");
    put("p/.git/config.worktree", "[core]\nhooksPath = .\n");
    put("p/x.sh", "");
    now("x.sh added; .git/config.worktree added", "core.hooksPath can name the project itself");
    put("p/.git/config.worktree", "[core]\nhooksPath = ../elsewhere\n");
    now(".git/config.worktree changed", "a directory outside of the project is not examined");
    (void)unlink(in_tmp("p/.git/config.worktree"));
    (void)unlink(in_tmp("p/.git/config"));
    (void)symlink("/etc/passwd", in_tmp("p/.git/config"));
    now(".git/config is now a link to /etc/passwd; .git/config.worktree removed",
        "a configuration that became a link is reported and not read");
}

/* Takes a snapshot of a worktree and its common directory, and compares it with `before`. */
static void worktree(const char *common, const char *want, const char *name)
{
    struct audit_scope scope = {0};
    struct err e = {0};

    audit_scope_add_tree(&scope, &arena, in_tmp("p"), false);
    audit_scope_add_tree(&scope, &arena, common, true);
    ok(audit_take(&scope, &arena, &after, &e) == 0, "a snapshot of a worktree is taken");
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), want, name);
    before = after;
}

static void common_directory_of_a_worktree_counts(void)
{
    const char *common = arena_printf(&arena, "%s/main/.git", tmpdir);

    start();
    put("main/.git/config", "[core]\nhooksPath = h\n");
    put("main/.git/worktrees/p/commondir", "../..\n");
    put("p/.git", arena_printf(&arena, "gitdir: %s/worktrees/p\n", common));
    put("p/h/pre-commit", "");
    worktree(common, arena_printf(&arena, "h/pre-commit added; %s/config added", common),
             "core.hooksPath of the common directory counts for the worktree");
    put("main/.git/hooks/post-merge", "");
    put("main/.git/worktrees/p/config.worktree", "[alias]\nx = !y\n");
    put("main/.envrc", "");
    put("p/h/pre-commit", "x");
    put("p/.git", "gitdir: h\n");
    worktree(common,
             arena_printf(&arena,
                          "h/pre-commit changed; .git changed; %s/hooks/post-merge added; "
                          "%s/worktrees/p/config.worktree added",
                          common, common),
             "changes in the project and in the common directory are findings, and others are "
             "not");
}

static void exchanged_project_is_a_finding(void)
{
    struct err e = {0};

    start();
    put("p/.envrc", "x");
    take(&before);
    (void)rename(in_tmp("p"), in_tmp("old"));
    ok(audit_take(&before.scope, &arena, &after, &e) == 0, "a missing project is examined");
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), ". cannot be read", "a project that is missing is one finding");
    (void)mkdir(in_tmp("p"), 0755);
    put("p/.envrc", "x");
    ok(audit_take(&before.scope, &arena, &after, &e) == 0, "another project is examined");
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), ". was exchanged or removed", "another directory at the path is a finding");
    (void)file_remove_tree(in_tmp("old"), &e);
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
    exchanged_project_is_a_finding();
    a_normal_project_is_fast();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
