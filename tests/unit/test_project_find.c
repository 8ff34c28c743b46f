/* SPDX-License-Identifier: MIT */
#include "host/project_find.h"

#include "base/file.h"
#include "base/file_id.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static void make(const char *name)
{
    struct err e = {0};

    ok(file_mkdirs(in_tmp(name), 0700, &e) == 0, "%s is made: %s", name, e.text);
}

/* Finds the project of the directory `name`. */
static struct facts find(const char *name, bool here)
{
    struct facts f = {.uid = getuid(),
                      .user = "ann",
                      .home_physical = arena_strdup(&arena, in_tmp("home")),
                      .state_dir = arena_strdup(&arena, in_tmp("state"))};
    struct err e = {0};

    ok(chdir(in_tmp(name)) == 0 && project_find(NULL, here, &arena, &f, &e) == 0,
       "the project of %s is found: %s", name, e.text);
    project_find_claude_root(&arena, &f);
    return f;
}

int main(void)
{
    const char *tree;
    struct facts f;
    struct err e = {0};
    char id[FILE_ID_SIZE];

    tmpdir_make();
    make("home/r/a/b");
    make("home/r/.git/objects");
    put_file(in_tmp("home/r/.git/HEAD"), "ref: refs/heads/main\n");
    make("home/plain/sub");
    f = find("home/r/a/b", false);
    is_str(f.project, in_tmp("home/r"), "the top level is the project");
    is_str(f.cwd_physical, in_tmp("home/r/a/b"), "the current directory stays known");
    is_str(f.claude_root, in_tmp("home/r"), "claude names its memory by the top level");
    (void)file_id_of(in_tmp("home/r"), id);
    is_str(f.project_id, id, "the identity of the project is that of the top level");
    ok(strncmp(f.project_key, "r-", 2) == 0, "its key is that of the top level");
    ok(f.git_top == NULL && f.trees->count == 1, "the project is a tree of the session");
    is_str(f.trees->trees[0].path, in_tmp("home/r"), "namely all of it");
    f = find("home/r/a/b", true);
    is_str(f.project, in_tmp("home/r/a/b"), "with --here it is the current directory");
    is_str(f.claude_root, f.project, "which claude then takes for the top");
    is_str(f.git_top, in_tmp("home/r"), "and the top level is known");
    project_find_note(&arena, &f);
    ok(f.missing.count == 0 && f.warnings.count == 0,
       "the user asked for it: there is no line");
    f = find("home/plain/sub", false);
    is_str(f.project, in_tmp("home/plain/sub"), "so it is without a repository");

    tree = arena_strdup(&arena, in_tmp("home/plain"));
    ok(ledger_record(in_tmp("state"), &tree, 1, &e) == 0, "a tree is recorded: %s", e.text);
    make("home/plain/.git/objects");
    put_file(in_tmp("home/plain/.git/HEAD"), "ref: refs/heads/main\n");
    f = find("home/plain/sub", false);
    is_str(f.project, in_tmp("home/plain/sub"),
           "a repository that an agent could have made does not widen the project");
    is_str(f.git_top, in_tmp("home/plain"), "it is named");
    ok(f.git_top_can_trust, "the user can accept it");
    project_find_note(&arena, &f);
    ok(f.missing.count == 0 && f.warnings.count == 1 &&
           strstr(f.warnings.v[0], "cco trust ") != NULL,
       "and learns how at every start");
    f.git_top_can_trust = false;
    project_find_note(&arena, &f);
    f.git_top_why = "another reason";
    project_find_note(&arena, &f);
    ok(f.missing.count == 2 && f.warnings.count == 1,
       "what the user cannot accept is said once, and another reason is another cause");
    f = find("home/plain", false);
    is_str(f.project, in_tmp("home/plain"), "in its top level it is the project");
    ok(f.git_top == NULL, "and nothing is to be said");

    make("home/r/clone/src");
    tree = arena_strdup(&arena, in_tmp("home/r/clone"));
    ok(ledger_record(in_tmp("state"), &tree, 1, &e) == 0, "a tree is recorded: %s", e.text);
    f = find("home/r/clone/src", false);
    is_str(f.project, in_tmp("home/r/clone"),
           "a nested directory that a session had alone stays the project");
    ok(f.git_top_can_trust, "the user can accept the whole");
    is_str(f.git_top, in_tmp("home/r"), "which is named");
    (void)chdir("/");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
