/* SPDX-License-Identifier: MIT */
#include "host/claude_above.h"

#include "base/limits.h"
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
    put_below(name, name);
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
                       .home = keep("home"),
                       .home_physical = keep("home"),
                       .claude_path = keep("home/.claude"),
                       .claude_dir = keep("home/.claude"),
                       .state_dir = keep("state"),
                       .trees = arena_alloc(&arena, sizeof(struct ledger))};
    *f.trees = (struct ledger){0};
    claude_above_probe(&arena, &f);
}

/* Returns true if a line says that this path is a link. */
static bool is_noted(const char *name)
{
    const char *text = arena_printf(&arena, "%s is a link", in_tmp(name));

    for (size_t i = 0; i < f.missing.count; i++) {
        if (strncmp(f.missing.list[i].text, text, strlen(text)) == 0) {
            return true;
        }
    }
    return false;
}

/* A clone or an archive of somebody else can contain all of these. */
static void no_link_is_followed(void)
{
    static const struct {
        const char *to, *name;
    } links[] = {
        {"../secret", "clone/CLAUDE.md"},
        {"../nothing", "clone/CLAUDE.local.md"},
        {"../../../secret", "clone/.claude/rules/a.md"},
        {"../../../dir", "clone/.claude/rules/deep"},
        {"../../dir", "clone/sub/.claude"},
        {"../../../../dir", "clone/sub/more/.claude/rules"},
    };

    put("secret");
    put("dir/CLAUDE.md");
    put("dir/secret.md");
    put("dir/rules/secret.md");
    put("clone/.claude/rules/good.md");
    put("clone/sub/more/.claude/CLAUDE.md");
    put("clone/sub/more/app/x");
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        (void)unlink(in_tmp(links[i].name));
        ok(symlink(links[i].to, in_tmp(links[i].name)) == 0, "the link %s is made",
           links[i].name);
    }
    find(getuid());
    f.project = keep("clone/sub/more/app");
    f.brought_count = 0;
    claude_above_probe(&arena, &f);
    ok(has("clone/.claude/rules/good.md") && has("clone/sub/more/.claude/CLAUDE.md"),
       "files beside links are found");
    for (size_t i = 0; i < f.brought_count; i++) {
        ok(strcmp(f.brought[i].file.physical, f.brought[i].target) == 0, "%s has no link",
           f.brought[i].target);
        ok(strstr(f.brought[i].target, "secret") == NULL, "%s is in no link",
           f.brought[i].target);
    }
    ok(!has("clone/CLAUDE.md") && is_noted("clone/CLAUDE.md"),
       "a link is not followed, and a line says so");
    ok(is_noted("clone/.claude/rules/a.md") && is_noted("clone/sub/.claude") &&
           is_noted("clone/sub/more/.claude/rules"),
       "nor is a link on the way");
    ok(!is_noted("clone/CLAUDE.local.md"), "a link that leads nowhere is left out");
}

/* Returns true if a line will name this import. */
static bool is_named(const char *name)
{
    for (size_t i = 0; i < f.claude_import_count; i++) {
        if (f.claude_imports[i].is_foreign &&
            strcmp(f.claude_imports[i].at, in_tmp(name)) == 0) {
            return true;
        }
    }
    return false;
}

static void imports_beside_instructions_are_taken(void)
{
    find(getuid());
    f.project = keep("home/code/client/app");
    put("home/.ssh/id");
    put("home/private.md");
    put("home/code/docs/b.md");
    put("home/code/docs/c.txt");
    put("home/code/docs/unused.md");
    put("home/code/client/app/own.md");
    put("home/code/client/app/x");
    put("private.md");
    put_file(in_tmp("home/CLAUDE.md"), "@private.md\n@.ssh/id\n");
    put_file(in_tmp("home/code/CLAUDE.md"),
             "see @docs/a.md @client/app/own.md `@docs/unused.md`");
    put_file(in_tmp("home/code/docs/a.md"),
             "@b.md @c.txt @gone.md @../link.md @../../../private.md");
    (void)unlink(in_tmp("home/code/link.md"));
    ok(symlink("../private.md", in_tmp("home/code/link.md")) == 0, "a link is made");
    f.brought_count = 0;
    claude_above_probe(&arena, &f);
    ok(has("home/code/docs/a.md") && has("home/code/docs/b.md"), "and so are their imports");
    ok(is_named("home/code/docs/c.txt") && !has("home/code/docs/c.txt"),
       "a file of another kind is only named");
    ok(is_named("private.md") && !has("private.md"), "and a file that is not beside them");
    ok(is_named("home/code/link.md") && !has("home/code/link.md"), "and a link");
    ok(is_named("home/private.md") && !has("home/private.md"), "and a file of the home");
    ok(!has("home/.ssh/id") && !is_named("home/.ssh/id"), "but no key");
    ok(!has("home/code/client/app/own.md") && !is_named("home/code/client/app/own.md") &&
           !has("home/code/docs/unused.md"),
       "files of the project need nothing, and words in code are no imports");
    is_int((int)f.claude_import_count, 4, "nothing else is named");
}

static void nothing_beside_keys_is_taken(void)
{
    put("home/.ssh/CLAUDE.md");
    put("home/.ssh/app/x");
    find(getuid());
    f.project = keep("home/.ssh/app");
    f.brought_count = 0;
    claude_above_probe(&arena, &f);
    ok(!has("home/.ssh/CLAUDE.md"), "a file beside keys is not taken");
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
    find(getuid());
    ledger_add(f.trees, &arena, keep("home/src"));
    f.brought_count = 0;
    claude_above_probe(&arena, &f);
    ok(untrusted_why(&f, in_tmp("home/src/.claude/CLAUDE.md")) != NULL,
       "a file in a tree that an agent could write is noted");
    no_link_is_followed();
    nothing_beside_keys_is_taken();
    imports_beside_instructions_are_taken();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
