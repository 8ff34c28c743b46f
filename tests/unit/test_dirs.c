/* SPDX-License-Identifier: MIT */
#include "sync/dirs.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>

enum { DEEP = 300 };

static ino_t inode(int fd)
{
    struct stat st;

    return fstat(fd, &st) < 0 ? 0 : st.st_ino;
}

static ino_t inode_of(const char *name)
{
    struct stat st;

    return stat(in_tmp(name), &st) < 0 ? 0 : st.st_ino;
}

int main(void)
{
    static char path[3 * DEEP];
    char name[DIRS_NAME];
    struct dirs d;
    struct err e = {0};
    int root;
    int at;
    int back;

    tmpdir_make();
    (void)mkdir(in_tmp("a"), 0755);
    (void)mkdir(in_tmp("a/b"), 0755);
    (void)mkdir(in_tmp("ab"), 0755);
    (void)symlink("a", in_tmp("link"));
    root = open(tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dirs_init(&d, root);
    ok(dirs_at(&d, str_c(""), &e) == root, "the empty path is the root");
    ok(inode(dirs_at(&d, str_c("a/b"), &e)) == inode_of("a/b"),
       "a directory below the root is reached");
    ok(inode(dirs_at(&d, str_c("ab"), &e)) == inode_of("ab"),
       "a directory whose name begins like another is reached");
    ok(inode(dirs_at(&d, str_c("a"), &e)) == inode_of("a"),
       "a directory above the last one is reached");
    ok(inode(dirs_parent(&d, str_c("a/b/file"), name, &e)) == inode_of("a/b") &&
           strcmp(name, "file") == 0,
       "dirs_parent() returns the directory and the last component");
    ok(dirs_parent(&d, str_c("file"), name, &e) == root, "the parent of a name is the root");
    ok(dirs_at(&d, str_c("link/b"), &e) < 0 && e.kind == ERR_SYS,
       "a link in the path is an error");
    ok(dirs_at(&d, str_c("link"), &e) < 0, "a link at the end of the path is an error");
    ok(inode(dirs_at(&d, str_c("a/b"), &e)) == inode_of("a/b"),
       "the next directory is reached after an error");
    dirs_forget(&d, str_c("a"));
    (void)rename(in_tmp("a"), in_tmp("moved"));
    (void)mkdir(in_tmp("a"), 0755);
    ok(dirs_at(&d, str_c("a/b"), &e) < 0 && e.errnum == ENOENT,
       "a directory that was forgotten is opened again");

    back = root;
    for (unsigned i = 0; i < DEEP; i++) {
        (void)mkdirat(back, "x", 0755);
        at = openat(back, "x", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (back != root) {
            (void)close(back);
        }
        back = at;
        (void)memcpy(path + (size_t)2 * i, "x/", 3);
    }
    path[2 * DEEP - 1] = '\0';
    ok(inode(dirs_at(&d, str_c(path), &e)) == inode(back),
       "a directory deeper than DIRS_KEPT is reached");
    ok(dirs_at(&d, str_n(path, 2 * DEEP - 3), &e) >= 0 &&
           inode(dirs_at(&d, str_c(path), &e)) == inode(back),
       "its parent and the directory itself are reached");
    (void)close(back);
    dirs_release(&d);
    ok(fcntl(root, F_GETFD) >= 0, "the root stays open");
    (void)close(root);
    {
        char command[128];

        (void)snprintf(command, sizeof(command), "rm -rf %s/x", tmpdir);
        ok(system(command) == 0,
           "the deep directories are removed"); /* by another program than the one under test */
    }
    tmpdir_remove();
    return done_testing();
}
