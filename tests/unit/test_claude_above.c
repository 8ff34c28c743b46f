/* SPDX-License-Identifier: MIT */
#include "host/claude_above.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct facts f;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static void put(const char *name)
{
    struct err e = {0};
    const char *path = keep(name);

    ok(file_mkdirs(path_dir(&arena, path), 0700, &e) == 0, "a directory for %s: %s", name,
       e.text);
    put_file(path, name);
}

static bool has(const char *name)
{
    for (size_t i = 0; i < f.brought_count; i++) {
        if (strcmp(f.brought[i].target, in_tmp(name)) == 0) {
            return true;
        }
    }
    return false;
}

static void find(uint64_t uid)
{
    f = (struct facts){.uid = uid,
                       .project = keep("home/src/app"),
                       .claude_path = keep("home/.claude"),
                       .claude_dir = keep("home/.claude"),
                       .state_dir = keep("state"),
                       .trees = arena_alloc(&arena, sizeof(struct ledger))};
    *f.trees = (struct ledger){0};
    claude_above_probe(&arena, &f);
}

int main(void)
{
    static char large[LIMIT_FILE_SMALL + 2];

    tmpdir_make();
    put("CLAUDE.md");
    put("home/CLAUDE.local.md");
    put("home/.claude/CLAUDE.md");
    put("home/.claude/rules/own.md");
    put("home/src/CLAUDE.md");
    put("home/src/.claude/CLAUDE.md");
    put("home/src/.claude/rules/a.md");
    put("home/src/.claude/rules/deep/b.md");
    put("home/src/.claude/rules/c.txt");
    put("home/src/.claude/settings.json");
    put("home/src/app/CLAUDE.md");
    find(getuid());
    ok(has("CLAUDE.md") && has("home/CLAUDE.local.md") && has("home/src/CLAUDE.md") &&
           has("home/src/.claude/CLAUDE.md"),
       "instructions of all directories above the project are found");
    ok(has("home/src/.claude/rules/a.md") && has("home/src/.claude/rules/deep/b.md") &&
           !has("home/src/.claude/rules/c.txt"),
       "rules are found at any depth");
    ok(!has("home/.claude/CLAUDE.md") && !has("home/.claude/rules/own.md"),
       "claude's own directory is not one of a project");
    ok(!has("home/src/.claude/settings.json") && !has("home/src/app/CLAUDE.md"),
       "neither settings nor the project's own files are among them");
    find(getuid() + 1);
    ok(f.brought_count == 0 || getuid() == 0, "files of another user do not count");
    (void)memset(large, 'x', sizeof(large) - 1);
    put_file(keep("home/src/CLAUDE.md"), large);
    (void)unlink(in_tmp("CLAUDE.md"));
    ok(mkfifo(in_tmp("CLAUDE.md"), 0600) == 0, "a fifo is made");
    find(getuid());
    ok(!has("home/src/CLAUDE.md") && !has("CLAUDE.md"), "large files and fifos do not count");
    (void)unlink(in_tmp("home/CLAUDE.local.md"));
    ok(symlink("src/app/CLAUDE.md", in_tmp("home/CLAUDE.local.md")) == 0, "a link is made");
    find(getuid());
    ledger_add(f.trees, &arena, keep("home/src/app"));
    f.brought_count = 0;
    claude_above_probe(&arena, &f);
    ok(untrusted_why(&f, in_tmp("home/CLAUDE.local.md")) != NULL,
       "a link into a tree that an agent could write is noted");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
