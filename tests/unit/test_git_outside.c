/* SPDX-License-Identifier: MIT */
#include "host/git_outside.h"

#include "base/file.h"
#include "base/path.h"
#include "plan/claude_state.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct git_outside out;
static struct trust_items items;
static struct missing missing;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static void make_git_dir(const char *name)
{
    struct err e = {0};

    ok(file_mkdirs(keep(arena_printf(&arena, "%s/objects/info", name)), 0700, &e) == 0 &&
           file_mkdirs(keep(arena_printf(&arena, "%s/objects/pack", name)), 0700, &e) == 0 &&
           file_mkdirs(keep(arena_printf(&arena, "%s/refs", name)), 0700, &e) == 0,
       "%s is made: %s", name, e.text);
    put_file(keep(arena_printf(&arena, "%s/HEAD", name)), "ref: refs/heads/main\n");
}

static void find(const char *common)
{
    const struct facts f = {
        .home = keep("home"),
        .home_physical = keep("home"),
        .claude_dir = keep("home/.claude"),
        .data_dir = keep("home/data"),
        .runtime_dir = keep("run"),
        .config_dir = keep("home/conf"),
        .project = keep("home/app"),
        .claude_state = arena_array(&arena, claude_state_count, sizeof(struct fact_state))};

    out = (struct git_outside){0};
    items = (struct trust_items){.a = &arena};
    missing = (struct missing){0};
    git_outside_find(&f, f.project, common != NULL ? keep(common) : NULL, &out, &items,
                     &missing);
}

static void alternates(const char *text)
{
    put_file(keep("home/app/.git/objects/info/alternates"), text);
    find(NULL);
}

static void alternates_are_found(void)
{
    make_git_dir("home/app/.git");
    make_git_dir("home/one");
    make_git_dir("home/two");
    find(NULL);
    ok(out.count == 0 && items.count == 0, "a usual repository needs nothing outside");
    put_file(keep("home/one/objects/info/alternates"), "../../two/objects\n");
    alternates("# comment\n\n../../../one/objects\n/nowhere\n");
    ok(out.count == 2 && !out.v[0].writable && !out.v[1].writable,
       "alternates and their alternates are found");
    is_str(out.v[0].path, in_tmp("home/one/objects"), "a relative one");
    is_str(out.v[1].path, in_tmp("home/two/objects"), "an alternate of it");
    ok(items.count == 2 && items.list[0].part == TRUST_GIT &&
           strstr(items.list[0].text, in_tmp("home/one/objects")) != NULL,
       "each is an item: %s", items.list[0].text);
    is_str(items.list[0].file, ".git/objects/info/alternates", "of the file that names it");
    put_file(keep("home/two/objects/info/alternates"), in_tmp("home/one/objects\n"));
    find(NULL);
    ok(out.count == 2, "a loop ends");
    alternates(in_tmp("home\n"));
    ok(out.count == 0 && missing.count == 1, "the home is not an alternate: %s",
       missing.list[0].text);
    alternates(in_tmp("home/app/.git/objects\n"));
    ok(out.count == 0, "what is in the project is there anyway");
}

static void many_alternates_are_not_followed(void)
{
    char text[2048] = "";

    for (int i = 0; i < 20; i++) {
        const char *name = arena_printf(&arena, "home/many%d", i);

        make_git_dir(name);
        (void)strcat(text, in_tmp(name));
        (void)strcat(text, "/objects\n");
    }
    alternates(text);
    ok(out.count == GIT_OUTSIDE_MAX && missing.count > 0, "their number is limited");
    (void)unlink(in_tmp("home/app/.git/objects/info/alternates"));
    ok(symlink("/etc/passwd", in_tmp("home/app/.git/objects/info/alternates")) == 0,
       "a link is made");
    find(NULL);
    ok(out.count == 0 && missing.count == 0, "a link is not read");
    (void)unlink(in_tmp("home/app/.git/objects/info/alternates"));
}

static void separate_directories_are_found(void)
{
    make_git_dir("home/separate.git");
    ok(rename(in_tmp("home/app/.git"), in_tmp("home/old")) == 0, "the old one is moved");
    put_file(keep("home/app/.git"), "gitdir: ../separate.git\n");
    find(NULL);
    ok(out.count == 1 && out.v[0].writable && out.v[0].id != NULL,
       "a separate git directory is found");
    is_str(out.v[0].path, in_tmp("home/separate.git"), "by its physical path");
    (void)unlink(in_tmp("home/app/.git"));
    ok(symlink("../separate.git", in_tmp("home/app/.git")) == 0, "a link is made");
    find(NULL);
    ok(out.count == 1 && out.v[0].writable, "so is one to which a link leads");
    find("home/separate.git");
    ok(out.count == 0, "the common directory of a worktree is not an item");
    (void)unlink(in_tmp("home/app/.git"));
    ok(symlink("..", in_tmp("home/app/.git")) == 0, "a link to the home is made");
    find(NULL);
    ok(out.count == 0 && items.count == 0, "another directory is not a git directory");
}

static void directories_that_are_not_gits_are_not_given(void)
{
    struct err e = {0};

    (void)unlink(in_tmp("home/app/.git"));
    ok(file_mkdirs(in_tmp("home/private/objects"), 0700, &e) == 0 &&
           symlink("../private", in_tmp("home/app/.git")) == 0,
       "a link leads to a directory: %s", e.text);
    put_file(in_tmp("home/private/HEAD"), "a letter\n");
    find(NULL);
    ok(out.count == 0 && items.count == 0 && missing.count == 1,
       "a directory with some of the entries is not a git directory");
    (void)unlink(in_tmp("home/app/.git"));
    make_git_dir("home/app/.git");
    alternates(in_tmp("home/private\n"));
    ok(out.count == 0 && items.count == 0 && missing.count == 1, "it has no objects: %s",
       missing.list[0].text);
}

static void lines_are_limited(void)
{
    char text[2048] = "";
    struct err e = {0};

    make_git_dir("home/last");
    for (int i = 0; i < 64; i++) {
        ok(file_mkdirs(keep(arena_printf(&arena, "home/dir%d", i)), 0700, &e) == 0,
           "a directory is made: %s", e.text);
        (void)strcat(text, arena_printf(&arena, "../../../dir%d\n", i));
    }
    (void)strcat(text, "../../../last/objects\n");
    alternates(text);
    ok(out.count == 0, "the 65th line is not looked up");
    ok(missing.count == 4, "few refusals are reported: %zu", missing.count);
}

int main(void)
{
    tmpdir_make();
    alternates_are_found();
    many_alternates_are_not_followed();
    separate_directories_are_found();
    directories_that_are_not_gits_are_not_given();
    lines_are_limited();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
