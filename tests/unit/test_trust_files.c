/* SPDX-License-Identifier: MIT */
#include "trust/trust_files.h"

#include "tap.h"
#include "tmpdir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOOK "{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"a\"}]}]}}"

static struct arena arena;
static struct trust_items t;

static void look(void)
{
    t = (struct trust_items){.a = &arena};
    trust_files(&t, in_tmp("p"), "");
}

/* Returns the only item as "FILE: TEXT". */
static const char *only(void)
{
    look();
    return t.count == 1 ? arena_printf(&arena, "%s: %s", t.list[0].file, t.list[0].text)
                        : arena_printf(&arena, "%zu items", t.count);
}

static void fresh(void)
{
    struct err e = {0};

    ok(file_remove_tree(in_tmp("p"), &e) == 0 && mkdir(in_tmp("p"), 0700) == 0 &&
           mkdir(in_tmp("p/.claude"), 0700) == 0,
       "(a project)");
}

static void kinds(void)
{
    fresh();
    is_str(only(), "0 items", "an empty project has no items");
    put_file(in_tmp("p/.claude/settings.json"), "{\"model\": \"x\"}");
    put_file(in_tmp("p/.claude/other.json"), HOOK);
    is_str(only(), "0 items", "neither have harmless settings and other files");
    put_file(in_tmp("p/.claude/settings.local.json"), HOOK);
    is_str(only(), ".claude/settings.local.json: hooks: Stop runs a", "local settings count");
    fresh();
    put_file(in_tmp("p/.mcp.json"), "{\"mcpServers\": {\"s\": {\"command\": \"c\"}}}");
    is_str(only(), ".mcp.json: the MCP server s runs c", "servers count");
    fresh();
    put_file(in_tmp("p/.claude/scheduled_tasks.json"), "{}");
    is_str(only(), ".claude/scheduled_tasks.json: claude gets prompts at scheduled times",
           "so do scheduled tasks");
    fresh();
    put_file(in_tmp("p/.claude/launch.json"), "{}");
    is_str(only(), ".claude/launch.json: claude can start the programs that it names",
           "and programs that claude starts");
    fresh();
    ok(mkdir(in_tmp("p/.claude/workflows"), 0700) == 0, "(workflows)");
    put_file(in_tmp("p/.claude/workflows/w.js"), "x");
    is_str(only(), ".claude/workflows/w.js: claude can run this script", "and workflows");
}

static void trees(void)
{
    fresh();
    ok(mkdir(in_tmp("p/.claude/skills"), 0700) == 0 &&
           mkdir(in_tmp("p/.claude/skills/b"), 0700) == 0 &&
           mkdir(in_tmp("p/.claude/skills/a"), 0700) == 0 &&
           mkdir(in_tmp("p/.claude/skills/a/.claude-plugin"), 0700) == 0,
       "(skills)");
    put_file(in_tmp("p/.claude/skills/b/SKILL.md"), "!`x`");
    put_file(in_tmp("p/.claude/skills/a/SKILL.md"), "text");
    put_file(in_tmp("p/.claude/skills/a/script.sh"), "!`x`");
    is_str(only(), ".claude/skills/b/SKILL.md: runs commands when it is used",
           "a skill counts if it runs something");
    put_file(in_tmp("p/.claude/skills/a/.claude-plugin/plugin.json"), "{}");
    look();
    ok(t.count == 2 && strstr(t.list[1].file, "plugin.json") != NULL, "so does a plugin");
    ok(symlink("..", in_tmp("p/.claude/skills/loop")) == 0, "(a loop)");
    look();
    ok(t.count >= 2, "a loop of links ends");
}

static void links(void)
{
    fresh();
    put_file(in_tmp("outside.json"), HOOK);
    ok(symlink("../../outside.json", in_tmp("p/.claude/settings.json")) == 0, "(a link out)");
    is_str(only(), ".claude/settings.json: cannot be examined: a link leads out of the project",
           "a link out of the project is not followed");
    ok(t.unreadable, "and nobody knows what it contains");
    ok(mkdir(in_tmp("p/.claude/skills"), 0700) == 0 && mkdir(in_tmp("p/evil"), 0700) == 0 &&
           symlink("../../../p/evil", in_tmp("p/.claude/skills/x")) == 0 &&
           unlink(in_tmp("p/.claude/settings.json")) == 0,
       "(a directory of the project, through a directory above it)");
    is_str(only(), ".claude/skills/x: cannot be examined: a link leads out of the project",
           "so does a link that claude follows back into the project");
    ok(unlink(in_tmp("p/.claude/skills/x")) == 0 &&
           symlink("../../outside.json", in_tmp("p/.claude/settings.json")) == 0,
       "(back)");
    ok(unlink(in_tmp("p/.claude/settings.json")) == 0 &&
           symlink("../inside.json", in_tmp("p/.claude/settings.json")) == 0,
       "(a link inside)");
    is_str(only(), "0 items", "a dangling link is a missing file");
    put_file(in_tmp("p/inside.json"), HOOK);
    is_str(only(), ".claude/settings.json: hooks: Stop runs a",
           "a link inside of the project is followed");
}

static void odd_files(void)
{
    static const char *const path = "p/.claude/settings.json";
    char *large = calloc(1, TRUST_FILE_MAX + 2);

    fresh();
    ok(mkfifo(in_tmp(path), 0600) == 0, "(a fifo)");
    is_str(only(), ".claude/settings.json: cannot be examined: it is not a regular file",
           "a fifo is not waited for");
    ok(unlink(in_tmp(path)) == 0 && mkdir(in_tmp(path), 0700) == 0, "(a directory)");
    is_str(only(), ".claude/settings.json: cannot be examined: it is not a regular file",
           "a directory in place of a file counts");
    ok(rmdir(in_tmp(path)) == 0, "(removed)");
    (void)memset(large, ' ', TRUST_FILE_MAX + 1);
    put_file(in_tmp(path), large);
    is_str(only(), ".claude/settings.json: cannot be examined: it is too large",
           "a large file is not read");
    free(large);
    fresh();
    ok(rmdir(in_tmp("p/.claude")) == 0, "(no .claude)");
    put_file(in_tmp("p/.claude"), "x");
    is_str(only(), "0 items", "a file in place of the directory is nothing to claude");
    t = (struct trust_items){.a = &arena};
    trust_files(&t, in_tmp("missing"), "");
    ok(t.count == 1 && t.unreadable, "a directory that has disappeared is not examined");
}

/* A session can exchange a directory of the project for a link to another one. */
static void directory_is_no_link(void)
{
    fresh();
    ok(symlink("p", in_tmp("link")) == 0, "(a link)");
    t = (struct trust_items){.a = &arena};
    trust_files(&t, in_tmp("link"), "a/");
    ok(t.count == 1 && t.unreadable && strcmp(t.list[0].file, "a/") == 0 &&
           strstr(t.list[0].text, "has become a link") != NULL,
       "a directory that has become a link is not examined");
}

static void texts_of_servers_are_recorded(void)
{
    const char *text = "{\"mcpServers\": {\"s\": {\"command\": \"c\"}}}";

    fresh();
    put_file(in_tmp("p/.mcp.json"), text);
    look();
    ok(trust_items_is_text(&t, in_tmp("p/.mcp.json"), str_c(text)), "the same text is known");
    ok(!trust_items_is_text(&t, in_tmp("p/.mcp.json"), str_c("{}")) &&
           !trust_items_is_text(&t, in_tmp("p/.mcp.json"), (struct str){0}) &&
           !trust_items_is_text(&t, in_tmp("q/.mcp.json"), str_c(text)),
       "another text or another file is not");
}

static void shown(void)
{
    fresh();
    put_file(in_tmp("p/.mcp.json"), "x");
    t = (struct trust_items){.a = &arena};
    trust_files(&t, in_tmp("p"), "/above/");
    is_str(t.list[0].file, "/above/.mcp.json", "names of other directories are absolute");
}

int main(void)
{
    tmpdir_make();
    kinds();
    trees();
    links();
    odd_files();
    shown();
    directory_is_no_link();
    texts_of_servers_are_recorded();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
