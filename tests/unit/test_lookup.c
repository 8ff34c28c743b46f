/* SPDX-License-Identifier: MIT */
#include "trust/lookup.h"

#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static struct arena arena;
static struct ledger trees;

/* Makes a tree "p" and links in it and around it, and tries paths that lead through them. */
static void ways_through_a_tree_are_found(void)
{
    static const struct {
        const char *link, *to;
    } links[] = {
        {"p/out", "../main"}, {"by", "p/out"},
        {"over", "by"},       {"past", "../../../../main"},
        {"beside", "px"},     {"loop", "loop"},
        {"in", "p"},          {"p2", "p/../main"},
        {"p/deep", "/"},      {"p/sub", "d"},
        {"q/to-p", "../p/d"}, {"p/gone", "../no"},
        {"p/none", "d/no"},   {"state/out", "../main"},
    };
    static const struct {
        const char *path;
        bool obeyed, named; /* the way leads through a tree */
    } cases[] = {
        {"main", false, false},         {"by", true, true},
        {"over", true, true},           {"over/HEAD", true, true},
        {"beside/x", false, false},     {"loop", false, false},
        {"in/x", true, false},          {"p2", true, false},
        {"main/../by", true, true},     {"main//./x", false, false},
        {"gone/../main", false, false}, {"p", true, false},
        {"px/../p/x", true, false},     {"past", false, false},
        {"p/d", true, false},           {"p/sub", true, false},
        {"p/sub/file", true, false},    {"q/to-p", true, true},
        {"p/gone", true, true},         {"p/deep", true, true},
        {"state", false, false},        {"state/x", true, false},
        {"p/d/../out", true, true},     {"p/none", true, true},
        {"main/HEAD/..", false, false}, {"state/out", true, true},
    };

    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        ok(symlink(links[i].to, in_tmp(links[i].link)) == 0, "the link %s can be made",
           links[i].link);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *path = arena_strdup(&arena, in_tmp(cases[i].path));
        struct lookup o = lookup_path(&arena, &trees, path, LOOKUP_OBEYED);
        struct lookup n = lookup_path(&arena, &trees, path, LOOKUP_NAMED);

        ok((o.tree != NULL) == cases[i].obeyed &&
               lookup_is_safe(&arena, &trees, path) != cases[i].obeyed,
           "the way to %s %s through a tree", cases[i].path,
           cases[i].obeyed ? "leads" : "does not lead");
        ok((n.tree != NULL) == cases[i].named, "a link in a tree %s to %s from outside",
           cases[i].named ? "leads" : "does not lead", cases[i].path);
        is_str(o.physical, lookup_physical(&arena, path),
               "the physical path is that of realpath(3)");
    }
}

static void the_result_names_the_link(void)
{
    const char *path = arena_strdup(&arena, in_tmp("over"));
    struct lookup l = lookup_path(&arena, &trees, path, LOOKUP_OBEYED);

    is_str(l.tree, in_tmp("p"), "the tree is named");
    is_str(l.link, in_tmp("p/out"), "the link in it is named");
    l = lookup_path(&arena, &trees, in_tmp("p/d"), LOOKUP_OBEYED);
    ok(l.tree != NULL && l.link == NULL, "a place in a tree has no link");
    l = lookup_path(&arena, &trees, in_tmp("p/d/../../q/to-p"), LOOKUP_OBEYED);
    is_str(l.tree, in_tmp("p"), "the first tree on the way is named");
    is_str(l.link, NULL, "a link in another tree is not");
    is_str(lookup_path(&arena, &trees, in_tmp("p/d/../../q"), LOOKUP_OBEYED).tree, in_tmp("p"),
           "also if the way ends in another tree");
    l = lookup_path(&arena, NULL, in_tmp("p/deep"), LOOKUP_OBEYED);
    ok(S_ISDIR(l.id.mode), "a link to the root has the identity of the root");
    l = lookup_path(&arena, NULL, path, LOOKUP_NAMED);
    ok(l.tree == NULL && S_ISDIR(l.id.mode), "without trees everything can be used");
}

static void everything_can_be_a_tree(void)
{
    struct ledger all = {0};

    ledger_add(&all, &arena, "/");
    ok(!lookup_is_safe(&arena, &all, in_tmp("main")), "the root can be a tree");
}

static void a_renamed_tree_is_recognised(void)
{
    (void)rename(in_tmp("p"), in_tmp("moved"));
    ok(symlink("moved/out", in_tmp("again")) == 0, "a link can be made");
    ok(!lookup_is_safe(&arena, &trees, in_tmp("again")), "a renamed tree counts");
    ok(!lookup_is_safe(&arena, &trees, in_tmp("moved/d/file")), "and what is in it");
    is_str(lookup_path(&arena, &trees, in_tmp("moved/d/file"), LOOKUP_OBEYED).tree,
           in_tmp("moved"), "it is named by its present name");
    is_str(lookup_path(&arena, &trees, in_tmp("again"), LOOKUP_NAMED).tree, in_tmp("moved"),
           "also if a link in it is refused");
    ok(symlink("main", in_tmp("p")) == 0 && lookup_is_safe(&arena, &trees, in_tmp("p/HEAD")),
       "a link that the user put in the place of a tree does not lie in it");
    (void)unlink(in_tmp("p"));
    (void)mkdir(in_tmp("p"), 0700);
    ok(!lookup_is_safe(&arena, &trees, in_tmp("p")),
       "another directory in the place of a tree counts");
}

static enum err_kind opening(const char *name)
{
    struct err e = {0};
    int fd = lookup_open(in_tmp(name), O_RDONLY, &e);

    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0 ? ERR_NONE : e.kind;
}

static void no_link_is_followed_when_a_path_is_opened(void)
{
    ok(symlink("main", in_tmp("to-main")) == 0 && symlink("HEAD", in_tmp("main/to-head")) == 0,
       "links can be made");
    is_int(opening("main/HEAD"), ERR_NONE, "a file is opened");
    is_int(opening("main"), ERR_NONE, "a directory is opened");
    is_int(opening("to-main/HEAD"), ERR_REFUSED, "a link to a directory is not followed");
    is_int(opening("main/to-head"), ERR_REFUSED, "a link to a file is not followed");
    is_int(opening("main/none"), ERR_NOT_FOUND, "a missing file is missing");
    is_int(opening("main/HEAD/x"), ERR_REFUSED, "a file is not a directory");
}

int main(void)
{
    static const char *const dirs[] = {"main", "p", "p/d", "px", "q", "state"};

    tmpdir_make();
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
    put_file(in_tmp("p/d/file"), "x");
    put_file(in_tmp("main/HEAD"), "x");
    put_file(in_tmp("state/x"), "x");
    ledger_add(&trees, &arena, arena_strdup(&arena, in_tmp("p")));
    ledger_add(&trees, &arena, arena_strdup(&arena, in_tmp("q")));
    ledger_add_below(&trees, &arena, arena_strdup(&arena, in_tmp("state")));
    ways_through_a_tree_are_found();
    the_result_names_the_link();
    everything_can_be_a_tree();
    no_link_is_followed_when_a_path_is_opened();
    a_renamed_tree_is_recognised();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
