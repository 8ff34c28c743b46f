/* SPDX-License-Identifier: MIT */
/* Tests what paths of the command line resolve to, in a project of the temporary directory. */
#include "host/probe.h"

#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    static struct opts_path paths[] = {
        {.path = "sub/"},   {.path = "../beside"}, {.path = "out"},
        {.path = "in"},     {.path = "../gone/x"}, {.path = "../new"},
        {.path = "~/file"}, {.path = "fifo"},      {.path = "loop"},
    };
    struct opts o = {.paths = paths, .path_count = sizeof(paths) / sizeof(paths[0])};
    struct arena a = {0};
    struct ledger trees = {0};
    struct facts f = {.trees = &trees};

    tmpdir_make();
    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("p/sub"), 0700);
    (void)mkdir(in_tmp("beside"), 0700);
    put_file(in_tmp("file"), "x");
    ok(symlink("../beside", in_tmp("p/out")) == 0 && symlink("sub", in_tmp("p/in")) == 0 &&
           symlink("loop", in_tmp("p/loop")) == 0 && mkfifo(in_tmp("p/fifo"), 0600) == 0,
       "the project can be made");
    f.project = f.cwd_physical = realpath(in_tmp("p"), NULL);
    f.home = realpath(in_tmp("."), NULL);
    ledger_add(&trees, &a, f.cwd_physical);
    host_option_paths(&o, &a, &f);
    ok(f.option_path_count == o.path_count, "each path of the options has a result");
    ok(f.option_paths[0].type == FACT_DIR && f.option_paths[0].link == NULL &&
           f.option_paths[0].id != NULL,
       "a directory of the project is found, with its identity");
    ok(f.option_paths[1].type == FACT_DIR && f.option_paths[1].link == NULL,
       "a directory beside the project is found");
    ok(strstr(f.option_paths[1].target, "..") == NULL &&
           strcmp(f.option_paths[1].target, f.option_paths[1].physical) == 0,
       "the target is a clean path: %s", f.option_paths[1].target);
    ok(f.option_paths[2].link != NULL &&
           strcmp(f.option_paths[2].physical, f.option_paths[1].physical) == 0,
       "a link in the project that leads out of it is marked");
    ok(f.option_paths[3].link == NULL &&
           strcmp(f.option_paths[3].physical, f.option_paths[0].physical) == 0,
       "a link in the project that stays in it is not marked");
    ok(f.option_paths[4].type == FACT_MISSING && f.option_paths[4].parent == NULL,
       "a path whose directory is missing has no parent");
    ok(f.option_paths[5].type == FACT_MISSING && strcmp(f.option_paths[5].parent, f.home) == 0,
       "a missing path has the directory above it as parent");
    ok(f.option_paths[6].type == FACT_FILE, "~ stands for the home");
    ok(f.option_paths[7].type == FACT_OTHER, "a FIFO has another type");
    ok(f.option_paths[8].type == FACT_MISSING, "a link to itself counts as missing");
    free((char *)(uintptr_t)f.cwd_physical);
    free((char *)(uintptr_t)f.home);
    arena_release(&a);
    tmpdir_remove();
    return done_testing();
}
