/* SPDX-License-Identifier: MIT */
/* The remote end creates missing trees with the right owners, and a private directory for its
 * bases. */
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
    is_int(sync_run(&given, &e, NULL), 0, "a first run succeeds");
    is_int(mode_of(in_tmp("remote-base")), 0700, "the directory of the bases is private");
    is_int(mode_of(in_tmp("remote-base/tree")), 0600, "the base is private");
    if (geteuid() == 0) {
        static const char *const made[] = {"remote", "remote/d", "remote/d/f", "remote/d/l"};

        for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
            ok(lstat(in_tmp(made[i]), &st) == 0 && st.st_uid == 65534 && st.st_gid == 65533,
               "%s belongs to the given owner", made[i]);
        }
        ok(stat(in_tmp("remote-base/tree"), &st) == 0 && st.st_uid == 0, "the base does not");
    } else {
        ok(true, "owners # SKIP only root can change owners");
    }

    dir_at("local/.git");
    dir_at("local/.git/objects");
    dir_at("local/.git/refs");
    write_at("local/.git/HEAD", "ref: refs/heads/main\n", 1);
    write_at("local/.git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n", 1);
    write_at("local/.gitignore", "*.log\n", 1);
    is_int(sync_run(&git, &e, NULL), 0, "a run with a git repository succeeds");
    write_at("remote/made.log", "ignored", 2);
    write_at("remote/made.txt", "not", 2);
    is_int(sync_run(&git, &e, NULL), 0, "a run after remote changes succeeds");
    ok(file_exists(in_tmp("local/made.txt")) && !file_exists(in_tmp("local/made.log")),
       "a remote file that git ignores is not fetched");
    write_at("remote/.gitignore", "*.log\n*.txt\n", 3);
    is_int(sync_run(&git, &e, NULL), 0, "a run after a known file becomes ignored succeeds");
    is_str(get_file(in_tmp("local/made.txt")), "not", "that file is not removed");
    sync_end();
    return done_testing();
}
