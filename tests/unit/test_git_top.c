/* SPDX-License-Identifier: MIT */
#include "host/git_top.h"

#include "base/file.h"
#include "base/path.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static void make(const char *name)
{
    struct err e = {0};

    ok(file_mkdirs(in_tmp(name), 0700, &e) == 0, "%s is made: %s", name, e.text);
}

/* Makes what git takes for a git directory. */
static void make_git_dir(const char *name)
{
    make(arena_printf(&arena, "%s/objects", name));
    put_file(keep(arena_printf(&arena, "%s/HEAD", name)), "ref: refs/heads/main\n");
}

static struct git_top find(const char *name)
{
    return git_top_find(&arena, keep(name), getuid());
}

/* Compares the results with paths relative to the test's directory. NULL: there is none. */
static void is_top(const char *dir, const char *nearest, const char *top, const char *name)
{
    const struct git_top found = find(dir);
    const size_t cut = strlen(tmpdir) + 1;

    is_str(found.nearest != NULL ? found.nearest + cut : NULL, nearest, name);
    is_str(found.top != NULL ? found.top + cut : NULL, top, name);
}

static void work_trees_are_found(void)
{
    make("r/a/b");
    is_top("r/a/b", NULL, NULL, "no repository");
    make("r/a/.git");
    is_top("r/a/b", NULL, NULL, "an empty directory is not a repository");
    make_git_dir("r/.git");
    is_top("r", "r", "r", "the top level itself");
    is_top("r/a/b", "r", "r", "a directory below it");
    make_git_dir("r/a/b/.git");
    is_top("r/a/b", "r/a/b", "r/a/b", "a repository in another one is not its submodule");
    make("linked");
    ok(symlink("../r/.git", in_tmp("linked/.git")) == 0, "a link is made");
    is_top("linked", "linked", "linked", "a link to a git directory");
    make("broken/in");
    make_git_dir("broken/.git");
    put_file(in_tmp("broken/in/.git"), "gitdir: /nowhere\n");
    is_top("broken/in", "broken/in", "broken/in", "git does not look behind a broken file");
}

static void submodules_belong_to_their_superproject(void)
{
    make_git_dir("super/.git");
    make_git_dir("super/.git/modules/sub");
    make_git_dir("super/.git/modules/sub/modules/deep");
    make_git_dir("elsewhere");
    make("super/sub/x");
    make("super/sub/deep");
    make("super/other");
    put_file(in_tmp("super/sub/.git"), "gitdir: ../.git/modules/sub\n");
    put_file(in_tmp("super/sub/deep/.git"), "gitdir: ../../.git/modules/sub/modules/deep\n");
    put_file(in_tmp("super/other/.git"),
             arena_printf(&arena, "gitdir: %s\n", in_tmp("elsewhere")));
    is_top("super/sub/x", "super/sub", "super", "a submodule");
    is_top("super/sub/deep", "super/sub/deep", "super", "a submodule of a submodule");
    is_top("super/other", "super/other", "super/other",
           "a separate git directory makes no submodule");
}

static void directories_of_others_are_no_top(void)
{
    make_git_dir("shared/.git");
    make("shared/a");
    is_top("shared/a", "shared", "shared", "a directory of the user");
    ok(git_top_find(&arena, keep("shared/a"), getuid() + 1).top == NULL,
       "a repository of another user");
    (void)chmod(in_tmp("shared"), 01777);
    is_top("shared/a", NULL, NULL, "a directory like /tmp");
}

static void repositories_in_trees_need_a_record(void)
{
    struct ledger trees = {0};
    struct err e = {0};
    const char *state = keep("state");
    struct strv dirs = {0};

    make("state");
    make_git_dir("own/.git");
    make_git_dir("tree/in/.git");
    make("plain");
    ledger_add(&trees, &arena, keep("tree"));
    ok(git_top_is_own(&arena, state, &trees, keep("own")), "a repository outside of all trees");
    ok(!git_top_is_own(&arena, state, &trees, keep("tree/in")), "a repository in a tree");
    ok(git_top_record(state, keep("tree/in"), &e) == 0 &&
           git_top_is_own(&arena, state, &trees, keep("tree/in")),
       "a recorded one: %s", e.text);
    strv_add(&dirs, &arena, keep("own"));
    strv_add(&dirs, &arena, keep("plain"));
    ok(git_top_record_own(state, getuid(), &dirs, &e) == 0,
       "directories are recorded before a session: %s", e.text);
    ledger_add(&trees, &arena, keep("own"));
    ledger_add(&trees, &arena, keep("plain"));
    make_git_dir("plain/.git");
    ok(git_top_is_own(&arena, state, &trees, keep("own")),
       "a repository of the user's stays one when a session could write there");
    ok(!git_top_is_own(&arena, state, &trees, keep("plain")),
       "a repository that appears later does not become one");
    ok(ledger_record(state, dirs.v, dirs.count, &e) == 0 &&
           git_top_record_own(state, getuid(), &dirs, &e) == 0 &&
           !git_top_is_own(&arena, state, &trees, keep("plain")),
       "also not when it is recorded again: %s", e.text);
}

static void directories_of_sessions_limit_the_work_tree(void)
{
    struct ledger trees = {0};
    struct strv parts = {0};
    struct err e = {0};
    const char *state = keep("state");
    const char *top = keep("mono");
    const char *inner = keep("mono/vendor/clone");

    make_git_dir("mono/.git");
    make("mono/vendor/clone/src");
    ok(git_top_limit(&arena, state, &trees, keep("mono/vendor/clone/src"), top) == NULL,
       "without sessions there is no limit");
    ok(ledger_record(state, (const char *[]){top, inner}, 2, &e) == 0 &&
           ledger_read(state, &arena, &trees, &e) == 0,
       "both had sessions: %s", e.text);
    is_str(git_top_limit(&arena, state, &trees, keep("mono/vendor/clone/src"), top), inner,
           "a directory that a session had alone is the limit");
    ok(git_top_limit(&arena, state, &trees, keep("mono/vendor"), top) == NULL,
       "but not of directories beside it");
    make_git_dir("mono/vendor/clone/.git");
    git_top_parts(&arena, state, &trees, getuid(), top, &parts);
    is_int((long long)parts.count, 0, "a directory with its own repository is no part");
    ok(rename(in_tmp("mono/vendor/clone/.git"), in_tmp("mono/vendor/clone/git")) == 0,
       "it loses its repository");
    git_top_parts(&arena, state, &trees, getuid(), top, &parts);
    ok(parts.count == 1 && strcmp(parts.v[0], inner) == 0, "now it is one");
    ok(git_top_accept(state, &parts, top, &e) == 0 &&
           git_top_limit(&arena, state, &trees, keep("mono/vendor/clone/src"), top) == NULL,
       "the user can accept it: %s", e.text);
    is_str(git_top_limit(&arena, state, &trees, inner, arena_strdup(&arena, tmpdir)), inner,
           "for that top level alone");
    is_int(git_top_forget_parts(state, inner, &e), 0, "another repository has no parts");
    is_int(git_top_forget_parts(state, top, &e), 1, "the user can take that back");
    is_str(git_top_limit(&arena, state, &trees, keep("mono/vendor/clone/src"), top), inner,
           "the directory is a limit again");
    ok(git_top_accept(state, &parts, top, &e) == 0, "and accept it again");
    ok(rename(inner, in_tmp("mono/old")) == 0, "the directory is moved away");
    make("mono/vendor/clone");
    is_str(git_top_limit(&arena, state, &trees, inner, top), inner,
           "another directory at its place is not accepted");
    make("mono/vendor/other");
    ok(git_top_record(state, keep("mono/vendor/other"), &e) == 0, "a repository is recorded");
    is_str(git_top_limit(&arena, state, &trees, keep("mono/vendor/other"), top),
           in_tmp("mono/vendor/other"), "it is a limit when it has lost its .git");
}

int main(void)
{
    tmpdir_make();
    work_trees_are_found();
    submodules_belong_to_their_superproject();
    directories_of_others_are_no_top();
    repositories_in_trees_need_a_record();
    directories_of_sessions_limit_the_work_tree();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
