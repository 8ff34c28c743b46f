/* SPDX-License-Identifier: MIT */
/* How the remote end finds its trees: made where they are missing, private where they must be,
 * the user's. */
#include "sync/remote_end.h"

#include "sync.h"
#include "tap.h"

int main(void)
{
    const struct sync_run git = {.git = true, .uid = 65534, .gid = 65534};
    const struct sync_run given = {.uid = 65534, .gid = 65533};
    struct stat st;
    struct err e = {0};

    sync_start();
    dir_at("local");
    dir_at("local/d");
    write_at("local/d/f", "f", 1);
    (void)symlink("f", in_tmp("local/d/l"));
    is_int(sync_run(&given, &e, NULL), 0, "a first run");
    is_int(mode_of(in_tmp("remote-base")), 0700, "where the base is is private");
    is_int(mode_of(in_tmp("remote-base/tree")), 0600, "and the base");
    if (geteuid() == 0) {
        static const char *const made[] = {"remote", "remote/d", "remote/d/f", "remote/d/l"};

        for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
            ok(lstat(in_tmp(made[i]), &st) == 0 && st.st_uid == 65534 && st.st_gid == 65533,
               "%s is the user's", made[i]);
        }
        ok(stat(in_tmp("remote-base/tree"), &st) == 0 && st.st_uid == 0, "the base is not");
    } else {
        ok(true, "owners # SKIP only root gives anything away");
    }

    dir_at("local/.git");
    dir_at("local/.git/objects");
    dir_at("local/.git/refs");
    write_at("local/.git/HEAD", "ref: refs/heads/main\n", 1);
    write_at("local/.git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n", 1);
    write_at("local/.gitignore", "*.log\n", 1);
    is_int(sync_run(&git, &e, NULL), 0, "with git's files");
    write_at("remote/made.log", "ignored", 2);
    write_at("remote/made.txt", "not", 2);
    is_int(sync_run(&git, &e, NULL), 0, "after something was made there");
    ok(file_exists(in_tmp("local/made.txt")) && !file_exists(in_tmp("local/made.log")),
       "what git ignores there does not come");
    write_at("remote/.gitignore", "*.log\n*.txt\n", 3);
    is_int(sync_run(&git, &e, NULL), 0, "a file that is ignored from now on");
    is_str(get_file(in_tmp("local/made.txt")), "not", "is not removed for that");
    sync_end();
    return done_testing();
}
