/* SPDX-License-Identifier: MIT */
#include "host/resolve.h"

#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

/* Makes a project "p" and links in it and around it, and tries paths that lead through them. */
static void ways_through_the_project_are_found(void)
{
    static const struct {
        const char *link, *to;
    } links[] = {
        {"p/out", "../main"}, {"by", "p/out"},  {"over", "by"}, {"past", "../../../../main"},
        {"beside", "px"},     {"loop", "loop"}, {"in", "p"},    {"p2", "p/../main"},
        {"p/deep", "/"},
    };
    static const struct {
        const char *path;
        bool through;
    } cases[] = {
        {"main", false},         {"by", true},
        {"over", true},          {"over/HEAD", true},
        {"beside/x", false},     {"loop", true},
        {"in/x", true},          {"p2", true},
        {"main/../by", true},    {"main//./x", false},
        {"gone/../main", false}, {"p", true},
        {"px/../p/x", true},     {"past", false},
    };
    const char *dir = arena_strdup(&arena, in_tmp("p"));

    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("px"), 0700);
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        ok(symlink(links[i].to, in_tmp(links[i].link)) == 0, "the link %s can be made",
           links[i].link);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(resolve_leads_through(&arena, in_tmp(cases[i].path), dir) == cases[i].through,
           "the way to %s %s through the project", cases[i].path,
           cases[i].through ? "leads" : "does not lead");
    }
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("main"), 0700);
    put_file(in_tmp("abc"), "abc");
    ways_through_the_project_are_found();
    ok(symlink("abc", in_tmp("link")) == 0, "a link can be made");
    is_str(resolve_physical(&arena, in_tmp("link")), in_tmp("abc"),
           "the physical path of a link is its target");
    is_str(resolve_physical(&arena, in_tmp("gone")), NULL,
           "a missing file has no physical path");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
