/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan says about it. */
#include "host/project_links.h"

#include "base/path.h"
#include "plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct planned t;

static void put_link(const char *target, const char *name)
{
    ok(symlink(target, in_tmp(name)) == 0, "the link %s is made", name);
}

static void links_out_of_the_project_are_found(void)
{
    struct facts f = {0};

    tmpdir_make();
    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("p/d"), 0700);
    put_file(in_tmp("outside"), "x");
    put_file(in_tmp("p/inside"), "x");
    put_link("../outside", "p/out");
    put_link("inside", "p/in");
    put_link("../nothing", "p/dangling");
    put_link("..", "p/.git");
    put_link("loop", "p/loop");
    put_link("../../outside", "p/d/deep");
    f.project = f.cwd_physical = realpath(in_tmp("p"), NULL);
    project_links_probe(&arena, &f);
    ok(f.project_links.count == 2 && strcmp(path_base(f.project_links.v[0]), "out") == 0 &&
           strcmp(path_base(f.project_links.v[1]), "outside") == 0,
       "only a link whose target exists elsewhere is found");
    f.project_links.count = 0;
    f.cwd_physical = realpath(in_tmp("p/d"), NULL);
    project_links_probe(&arena, &f);
    is_int((long long)f.project_links.count, 4, "the working directory is examined as well");
    free((void *)(uintptr_t)f.cwd_physical);
    free((void *)(uintptr_t)f.project);
}

static void number_of_links_is_limited(void)
{
    struct facts f = {0};

    (void)mkdir(in_tmp("many"), 0700);
    for (int i = 0; i < 2 * PROJECT_LINKS_MAX; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "many/%d", i);
        (void)!symlink("../outside", in_tmp(name));
    }
    f.project = f.cwd_physical = realpath(in_tmp("many"), NULL);
    project_links_probe(&arena, &f);
    is_int((long long)f.project_links.count, 2 * PROJECT_LINKS_MAX, "not all links are kept");
    free((void *)(uintptr_t)f.project);
}

static void line_names_links_and_targets(void)
{
    static const char *const pairs[] = {"/home/ann/src/app/data", "/mnt/data",
                                        "/home/ann/src/app/key",  "/home/ann/.ssh/id",
                                        "/home/ann/src/app/x",    "/home/ann/src/app/y",
                                        "/home/ann/src/app/py",   "/usr/bin/python3"};

    planned_init(&t, NULL);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        strv_add(&t.f.project_links, &t.arena, pairs[i]);
    }
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 1, "there is one line");
    is_str(
        t.p.missing.list[0].text,
        "links of the project lead to what is missing inside: data (/mnt/data). To share what "
        "one leads to: --ro PATH",
        "it names no link to a key, to the system, or to what a mount shows");
    planned_release(&t);
}

int main(void)
{
    links_out_of_the_project_are_found();
    number_of_links_is_limited();
    line_names_links_and_targets();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
