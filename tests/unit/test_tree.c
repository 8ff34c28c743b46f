/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <unistd.h>

/* Directories in one another, with a file in each; those that are odd cannot be written. */
static bool nest(const char *path, int depth)
{
    int at = open(path, O_PATH | O_DIRECTORY);

    for (int i = 0; at >= 0 && i < depth; i++) {
        int next = mkdirat(at, "d", 0700) < 0 ? -1 : openat(at, "d", O_PATH | O_DIRECTORY);
        int file = openat(at, "f", O_WRONLY | O_CREAT, 0600);

        (void)close(file);
        (void)fchmodat(at, ".", i % 2 == 0 ? 0700 : 0500, 0);
        (void)close(at);
        at = next;
    }
    (void)close(at);
    return at >= 0;
}

int main(void)
{
    struct err e = {0};
    char path[600];

    tmpdir_make();
    (void)mkdir(in_tmp("keep"), 0700);
    put_file(in_tmp("keep/file"), "x");
    (void)file_mkdirs(in_tmp("tree/a/b/c"), 0700, &e);
    put_file(in_tmp("tree/a/file"), "x");
    put_file(in_tmp("tree/.hidden"), "x");
    ok(symlink(in_tmp("keep"), in_tmp("tree/a/link")) == 0, "a link out of the tree");
    (void)chmod(in_tmp("tree/a/b"), 0);
    (void)snprintf(path, sizeof(path), "%s", in_tmp("deep"));
    (void)mkdir(path, 0700);
    for (int i = 0; i < 100; i++) {
        size_t len = strlen(path);

        (void)snprintf(path + len, sizeof(path) - len, "/d");
        (void)mkdir(path, 0700);
    }
    ok(file_remove_tree(in_tmp("tree"), &e) == 0 || getuid() != 0, "a tree is removed %s",
       e.text);
    (void)chmod(in_tmp("tree/a/b"), 0700);
    ok(file_remove_tree(in_tmp("tree"), &e) == 0 && !file_exists(in_tmp("tree")), "all of it");
    is_str(get_file(in_tmp("keep/file")), "x", "links are not followed");
    ok(file_remove_tree(in_tmp("deep"), &e) == 0, "a deep one %s", e.text);
    ok(mkdir(in_tmp("deeper"), 0700) == 0 && nest(in_tmp("deeper"), 1000),
       "deeper than paths go");
    put_file(in_tmp("deeper/.deep-0"), "in the way");
    ok(file_remove_tree(in_tmp("deeper"), &e) == 0 && !file_exists(in_tmp("deeper")),
       "an agent's nest %s", e.text);
    ok(symlink(in_tmp("keep"), in_tmp("top")) == 0 &&
           file_remove_tree(in_tmp("top"), &e) == 0 && file_exists(in_tmp("keep/file")),
       "a link itself goes, not what it leads to");
    ok(symlink(in_tmp("keep"), in_tmp("top")) == 0 &&
           file_remove_tree(in_tmp("top/"), &e) == 0 && file_exists(in_tmp("keep/file")) &&
           !file_exists(in_tmp("top")),
       "also with a slash behind it");
    ok(file_remove_tree(in_tmp("keep/file"), &e) == 0, "a file");
    ok(file_remove_tree(in_tmp("none"), &e) == 0, "what is not there is as good as removed");
    tmpdir_remove();
    return done_testing();
}
