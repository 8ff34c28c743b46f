/* SPDX-License-Identifier: MIT */
#include "host/audit_read.h"

#include "base/fd.h"

#include "audit.h"

#include <errno.h>
#include <fcntl.h>

static struct audit_scope scope;
static struct audit out;
static struct audit_walk w;

static bool opens(const char *path)
{
    int fd = audit_open_physical(&w, in_tmp(path), 0);
    bool opened = fd >= 0;

    fd_close(&fd);
    return opened;
}

static void only_files_of_trees_are_opened(void)
{
    put("p/d/f", "x");
    put("elsewhere/f", "x");
    (void)symlink("d", in_tmp("p/l"));
    (void)symlink("f", in_tmp("p/d/l"));
    ok(opens("p/d/f"), "a file in the project is opened");
    ok(!opens("p/l/f"), "not through a link on the way");
    ok(!opens("p/d/l"), "nor is a link itself");
    ok(!opens("elsewhere/f") && errno == EXDEV, "a file outside of the trees is not opened");
}

static void paths_are_shown_relative_to_the_project(void)
{
    is_str(audit_shown(&scope, &arena, in_tmp("p")), ".", "the project is a dot");
    is_str(audit_shown(&scope, &arena, in_tmp("p/a/b")), "a/b", "a path in it is relative");
    is_str(audit_shown(&scope, &arena, in_tmp("p/~/b")), "./~/b",
           "a directory of the project is not taken for the home");
    is_str(audit_shown(&scope, &arena, "/x"), "/x", "another path is absolute");
}

static void recorded_paths_are_limited(void)
{
    size_t count = out.count;

    w.paths_left = 3;
    ok(audit_add(&w, "abcd", AUDIT_RULE_NAMED) == NULL && out.count == count,
       "a path that exceeds the limit of all paths is not recorded");
    is_str(out.overflow, ".", "that is recorded");
}

int main(void)
{
    tmpdir_make();
    start();
    audit_scope_add_tree(&scope, &arena, arena_strdup(&arena, in_tmp("p")), false);
    w = (struct audit_walk){.a = &arena, .scope = &scope, .out = &out};
    audit_walk_init(&w);
    only_files_of_trees_are_opened();
    paths_are_shown_relative_to_the_project();
    recorded_paths_are_limited();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
