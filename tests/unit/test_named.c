/* SPDX-License-Identifier: MIT */
/* Paths of the command line, on a real file system. */
#include "host/probe.h"

#include "tap.h"
#include "tmpdir.h"

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
    struct facts f = {0};

    tmpdir_make();
    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("p/sub"), 0700);
    (void)mkdir(in_tmp("beside"), 0700);
    put_file(in_tmp("file"), "x");
    ok(symlink("../beside", in_tmp("p/out")) == 0 && symlink("sub", in_tmp("p/in")) == 0 &&
           symlink("loop", in_tmp("p/loop")) == 0 && mkfifo(in_tmp("p/fifo"), 0600) == 0,
       "a project");
    f.cwd_physical = realpath(in_tmp("p"), NULL);
    f.home = realpath(in_tmp("."), NULL);
    host_named(&o, &a, &f);
    ok(f.named_count == o.path_count, "each is there");
    ok(f.named[0].type == FACT_DIR && !f.named[0].by_link && f.named[0].id != NULL,
       "a directory of the project");
    ok(f.named[1].type == FACT_DIR && !f.named[1].by_link, "one beside it");
    ok(strstr(f.named[1].target, "..") == NULL &&
           strcmp(f.named[1].target, f.named[1].physical) == 0,
       "a clean path: %s", f.named[1].target);
    ok(f.named[2].by_link && strcmp(f.named[2].physical, f.named[1].physical) == 0,
       "a link that leads out");
    ok(!f.named[3].by_link && strcmp(f.named[3].physical, f.named[0].physical) == 0,
       "a link that stays inside");
    ok(f.named[4].type == FACT_MISSING && f.named[4].parent == NULL, "nothing, nowhere");
    ok(f.named[5].type == FACT_MISSING && strcmp(f.named[5].parent, f.home) == 0,
       "nothing yet");
    ok(f.named[6].type == FACT_FILE, "in the home");
    ok(f.named[7].type == FACT_OTHER, "no file, no directory");
    ok(f.named[8].type == FACT_MISSING, "a link to itself");
    free((char *)(uintptr_t)f.cwd_physical);
    free((char *)(uintptr_t)f.home);
    arena_release(&a);
    tmpdir_remove();
    return done_testing();
}
