/* SPDX-License-Identifier: MIT */
/* Tests mountpoints in a new root: no link is followed. */
#include "native/mountpoint.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

static int root = -1;

static int opened(const char *path, bool is_dir, struct err *e)
{
    int fd = mountpoint_open(root, path, is_dir, e);
    bool good = fd >= 0;

    fd_close(&fd);
    return good ? 0 : -1;
}

static void missing_components_are_made(void)
{
    struct err e = {0};
    struct stat st;

    is_int(opened("/a/b/c", true, &e), 0, "missing directories are made");
    ok(stat(in_tmp("root/a/b/c"), &st) == 0 && S_ISDIR(st.st_mode) &&
           (st.st_mode & 07777) == 0755,
       "a new directory has mode 0755");
    is_int(opened("/a/f", false, &e), 0, "a missing file is made");
    ok(stat(in_tmp("root/a/f"), &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 &&
           (st.st_mode & 07777) == 0600,
       "a new file is empty and has mode 0600");
    is_int(opened("/a/b/c", true, &e), 0, "an existing directory is opened");
    is_int(opened("/a/f", false, &e), 0, "an existing file is opened");
    is_int(opened("/", true, &e), 0, "the root itself is opened");
}

static void links_and_wrong_kinds_are_refused(void)
{
    struct err e = {0};
    char name[300] = "/";

    (void)symlink("/etc", in_tmp("root/link"));
    (void)symlink("passwd", in_tmp("root/last"));
    ok(opened("/link/x", false, &e) < 0 && e.kind == ERR_REFUSED,
       "a link in the path is refused: %s", e.text);
    ok(!file_exists("/etc/x"), "nothing is made at the target of the link");
    err_reset(&e);
    ok(opened("/last", false, &e) < 0 && e.kind == ERR_REFUSED,
       "a link at the end is refused: %s", e.text);
    err_reset(&e);
    ok(opened("/a/f", true, &e) < 0 && e.kind == ERR_REFUSED,
       "a file in the place of a directory is refused: %s", e.text);
    err_reset(&e);
    ok(opened("/a/b", false, &e) < 0 && e.kind == ERR_REFUSED,
       "a directory in the place of a file is refused: %s", e.text);
    err_reset(&e);
    ok(opened("/a/f/x", true, &e) < 0 && e.kind == ERR_REFUSED,
       "a file in the path is refused: %s", e.text);
    err_reset(&e);
    memset(name + 1, 'n', sizeof(name) - 2);
    ok(opened(name, true, &e) < 0 && e.errnum == ENAMETOOLONG,
       "a name that is too long is an error: %s", e.text);
    name[1 + NAME_MAX] = '\0';
    err_reset(&e);
    ok(opened(name, true, &e) == 0, "a name of the maximum length is accepted: %s", e.text);
}

static void finding_makes_nothing(void)
{
    struct err e = {0};
    int fd = mountpoint_find(root, "/a/b", true, &e);

    ok(fd >= 0, "an existing directory is found");
    fd_close(&fd);
    ok(mountpoint_find(root, "/a/none/x", true, &e) < 0 && e.kind == ERR_NOT_FOUND &&
           !file_exists(in_tmp("root/a/none")),
       "a missing path is an error, and nothing is made: %s", e.text);
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    (void)mkdir(in_tmp("root"), 0755);
    root = open(in_tmp("root"), O_PATH | O_DIRECTORY | O_CLOEXEC);
    missing_components_are_made();
    links_and_wrong_kinds_are_refused();
    finding_makes_nothing();
    fd_close(&root);
    tmpdir_remove();
    return done_testing();
}
