/* SPDX-License-Identifier: MIT */
#include "cli/own_files.h"

#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static void directories(void)
{
    struct facts f = {.home = tmpdir};

    (void)mkdir(in_tmp("dir"), 0700);
    (void)symlink("dir", in_tmp("link"));
    put_file(in_tmp("file"), "");
    ok(own_dir_stays(&f, in_tmp("dir")) == NULL, "an own directory can be removed");
    ok(strstr(own_dir_stays(&f, in_tmp("link")), "no link") != NULL, "a link stays");
    ok(own_dir_stays(&f, in_tmp("file")) != NULL, "a file stays");
    ok(own_dir_stays(&f, in_tmp("none")) != NULL, "what cannot be read stays");
}

static void program(void)
{
    char self[4096] = "";

    put_file(in_tmp("other"), "");
    ok(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0 &&
           own_program_stays(self, &arena) == NULL,
       "the program that runs can be removed");
    is_str(own_program_stays(in_tmp("other"), &arena), "it is not this program any more",
           "another program stays");
    is_str(own_program_stays(in_tmp("none"), &arena), "", "there may be none");
    is_str(own_program_stays(NULL, &arena), "", "its path may be unknown");
}

int main(void)
{
    tmpdir_make();
    directories();
    program();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
