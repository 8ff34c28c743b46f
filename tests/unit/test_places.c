/* SPDX-License-Identifier: MIT */
#include "host/places.h"

#include "plan/place_table.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_for_all(const char *name, mode_t mode)
{
    struct stat st;

    if (chmod(in_tmp(name), mode) < 0 || stat(in_tmp(name), &st) < 0) {
        abort();
    }
    return host_is_for_all(in_tmp(name), &st);
}

static void directories_of_all_users(void)
{
    ok(mkdir(in_tmp("d"), 0700) == 0, "a directory is made");
    ok(!is_for_all("d", 0755), "a directory that others can read is not for all");
    ok(!is_for_all("d", 0775), "nor a directory that a group can write to");
    ok(is_for_all("d", 0777), "a directory that everybody can write to is");
    ok(is_for_all("d", 01777), "also with the sticky bit");
    ok(mkdir(in_tmp("d/.git"), 0700) == 0, "a repository of this user's is made in it");
    ok(!is_for_all("d", 0777), "the top of a work tree may be open to everybody");
    ok(is_for_all("d", 01777), "but not with the sticky bit");
    ok(rmdir(in_tmp("d/.git")) == 0 && symlink("/", in_tmp("d/.git")) == 0,
       "the repository is replaced by a link");
    ok(is_for_all("d", 0777), "a link is not a repository");
    if (geteuid() == 0) {
        ok(unlink(in_tmp("d/.git")) == 0 && mkdir(in_tmp("d/.git"), 0700) == 0 &&
               chown(in_tmp("d/.git"), 1, 1) == 0,
           "the repository is another user's");
        ok(is_for_all("d", 0777), "that makes no difference");
    }
    put_file(in_tmp("f"), "");
    ok(!is_for_all("f", 0666), "a file is not a directory");
}

static void homes(void)
{
    struct arena a = {0};
    struct strv all = {0};

    host_homes(str_c("root:x:0:0:root:/root:/bin/sh\n"
                     "www:x:33:33::/var/www:/bin/false\n"
                     "bob:x:1001:1001:Bob,,,:/home/students/bob/:/bin/sh\n"
                     "odd:x:1\n"
                     "\n"
                     "all:x:9:9::/home:/bin/sh\n"
                     "up:x:9:9::/home/../etc:/bin/sh\n"
                     "rel:x:9:9::home/x:/bin/sh\n"
                     "mac:x:501:20::/Users/mac"),
               &a, &all);
    ok(all.count == 3 && strcmp(all.v[0], "/root") == 0 &&
           strcmp(all.v[1], "/home/students/bob") == 0 && strcmp(all.v[2], "/Users/mac") == 0,
       "homes below directories of homes are found");
    arena_release(&a);
}

static void links_in_the_home_are_followed(void)
{
    struct arena a = {0};
    struct facts f = {.home_physical = arena_strdup(&a, in_tmp("home")),
                      .project = "/nonexistent"};
    unsigned found = 0;

    ok(mkdir(in_tmp("home"), 0700) == 0 && mkdir(in_tmp("keys"), 0700) == 0 &&
           mkdir(in_tmp("home/.aws"), 0700) == 0 &&
           symlink(in_tmp("keys"), in_tmp("home/.ssh")) == 0,
       "a home is made, with a link");
    host_places(&a, &f);
    for (size_t i = 0; i < places_of_home_count; i++) {
        if (f.home_places[i] != NULL) {
            found++;
            is_str(places_of_home[i].path, ".ssh", "the link is the only one");
            is_str(f.home_places[i], in_tmp("keys"), "it is resolved");
        }
    }
    is_int(found, 1, "directories that are no links need no second path");
    arena_release(&a);
}

int main(void)
{
    tmpdir_make();
    directories_of_all_users();
    homes();
    links_in_the_home_are_followed();
    tmpdir_remove();
    return done_testing();
}
