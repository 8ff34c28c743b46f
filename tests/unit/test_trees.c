/* SPDX-License-Identifier: MIT */
#include "host/trees.h"

#include "base/file_id.h"
#include "plan/claude_state.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"
#include "trust/lookup.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

/* Finds the trees of a project to which the user came by the path `pwd`. */
static struct facts *probe(const char *project, const char *pwd)
{
    struct facts *f = arena_alloc(&arena, sizeof(*f));
    char *id = arena_alloc(&arena, FILE_ID_SIZE);
    struct err e = {0};

    *f = (struct facts){.home_physical = keep("home"),
                        .state_dir = keep("state"),
                        .data_dir = keep("data"),
                        .claude_dir = keep("claude"),
                        .project = keep(project),
                        .cwd_physical = keep(project)};
    (void)file_id_of(f->cwd_physical, id);
    f->cwd_id = id;
    ok(trees_probe(pwd != NULL ? keep(pwd) : NULL, &arena, f, &e) == 0,
       "the trees are found: %s", e.text);
    trees_add_project(&arena, f);
    return f;
}

static void the_way_to_the_project_counts(void)
{
    const char *tree = keep("home/a");
    struct err e = {0};

    ok(probe("home/b", "home/link")->cwd_why == NULL, "a link of the user's is followed");
    is_str(probe("home/b", "home/link")->cwd_named, keep("home/link"), "its name is a fact");
    ok(probe("home/b", "home/b")->cwd_named == NULL &&
           probe("home/b", "home/none")->cwd_named == NULL &&
           probe("home/b", "home/../home/link")->cwd_named == NULL,
       "other names are not");
    ok(ledger_record(in_tmp("state"), &tree, 1, &e) == 0, "a tree is recorded: %s", e.text);
    ok(probe("home/b", "home/a/sub")->cwd_why != NULL,
       "a link in a recorded tree that leads to the project is a reason");
    ok(probe("home/b", "home/b")->cwd_why == NULL, "the project's own path is not a reason");
    ok(probe("home/b", "home/a")->cwd_why == NULL && probe("home/b", NULL)->cwd_why == NULL &&
           probe("home/b", "home/none")->cwd_why == NULL,
       "a PWD that leads elsewhere is ignored");
    ok(probe("home/a", "home/a/self")->cwd_why == NULL,
       "a link that stays in its tree is not a reason");
}

static void the_project_and_claudes_files_are_trees(void)
{
    struct facts *f = probe("home/b", NULL);
    const char *shared = NULL;

    ok(!lookup_is_safe(&arena, f->trees, in_tmp("home/b")), "the project is a tree");
    ok(lookup_is_safe(&arena, f->trees, in_tmp("home")), "the home is none");
    f = probe("home", NULL);
    ok(lookup_is_safe(&arena, f->trees, in_tmp("home")),
       "a project that contains the home is not added");
    for (size_t i = 0; i < claude_state_count; i++) {
        shared = claude_state[i].share == STATE_PROJECT && claude_state[i].is_dir
                     ? claude_state[i].name
                     : shared;
    }
    trees_add_state(&arena, f);
    if (shared != NULL) {
        const char *dir = arena_printf(&arena, "%s/claude/%s", tmpdir, shared);

        (void)mkdir(dir, 0700);
        put_file(arena_printf(&arena, "%s/x", dir), "");
        ok(lookup_is_safe(&arena, f->trees, dir), "an entry of claude that is shared is found");
        ok(!lookup_is_safe(&arena, f->trees, arena_printf(&arena, "%s/x", dir)),
           "but not what is in it");
    }
    (void)mkdir(in_tmp("data"), 0700);
    (void)mkdir(in_tmp("data/caches"), 0700);
    (void)mkdir(in_tmp("data/caches/app-1"), 0700);
    trees_add_state(&arena, f);
    ok(!lookup_is_safe(&arena, f->trees, in_tmp("data/caches/app-1")),
       "an agent can write caches of build tools");
}

static void a_damaged_ledger_is_an_error(void)
{
    struct facts f = {
        .state_dir = keep("state"), .home_physical = "/", .project = "/", .cwd_physical = "/"};
    struct err e = {0};

    put_file(in_tmp("state/trust/ledger"), "damaged\n");
    ok(trees_probe(NULL, &arena, &f, &e) < 0 && e.kind == ERR_FORMAT && e.hint[0] != '\0',
       "a damaged ledger is an error: %s", e.text);
}

int main(void)
{
    static const char *const dirs[] = {"home", "home/a", "home/b", "state", "claude", "data"};

    tmpdir_make();
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
    ok(symlink("../b", in_tmp("home/a/sub")) == 0 && symlink(".", in_tmp("home/a/self")) == 0 &&
           symlink("b", in_tmp("home/link")) == 0,
       "links can be made");
    the_way_to_the_project_counts();
    the_project_and_claudes_files_are_trees();
    a_damaged_ledger_is_an_error();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
