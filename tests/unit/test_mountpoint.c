/* SPDX-License-Identifier: MIT */
/* Places in a new root: no link on the way leads anywhere. */
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

static void made(void)
{
    struct err e = {0};
    struct stat st;

    is_int(opened("/a/b/c", true, &e), 0, "directories are made");
    ok(stat(in_tmp("root/a/b/c"), &st) == 0 && S_ISDIR(st.st_mode) &&
           (st.st_mode & 07777) == 0755,
       "for everybody");
    is_int(opened("/a/f", false, &e), 0, "a file is made");
    ok(stat(in_tmp("root/a/f"), &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 &&
           (st.st_mode & 07777) == 0600,
       "an empty one");
    is_int(opened("/a/b/c", true, &e), 0, "what is there is found");
    is_int(opened("/a/f", false, &e), 0, "files too");
    is_int(opened("/", true, &e), 0, "and the root itself");
}

static void refused(void)
{
    struct err e = {0};
    char name[300] = "/";

    (void)symlink("/etc", in_tmp("root/link"));
    (void)symlink("passwd", in_tmp("root/last"));
    ok(opened("/link/x", false, &e) < 0 && e.kind == ERR_REFUSED, "a link on the way: %s",
       e.text);
    ok(!file_exists("/etc/x"), "is not followed");
    err_reset(&e);
    ok(opened("/last", false, &e) < 0 && e.kind == ERR_REFUSED, "nor one at the end: %s",
       e.text);
    err_reset(&e);
    ok(opened("/a/f", true, &e) < 0 && e.kind == ERR_REFUSED, "a file is no directory: %s",
       e.text);
    err_reset(&e);
    ok(opened("/a/b", false, &e) < 0 && e.kind == ERR_REFUSED, "nor the other way round: %s",
       e.text);
    err_reset(&e);
    ok(opened("/a/f/x", true, &e) < 0 && e.kind == ERR_REFUSED, "nothing is in a file: %s",
       e.text);
    err_reset(&e);
    memset(name + 1, 'n', sizeof(name) - 2);
    ok(opened(name, true, &e) < 0 && e.errnum == ENAMETOOLONG, "a name that is too long: %s",
       e.text);
    name[1 + NAME_MAX] = '\0';
    err_reset(&e);
    ok(opened(name, true, &e) == 0, "one that is not, just: %s", e.text);
}

static void found(void)
{
    struct err e = {0};
    int fd = mountpoint_find(root, "/a/b", true, &e);

    ok(fd >= 0, "what is there is found");
    fd_close(&fd);
    ok(mountpoint_find(root, "/a/none/x", true, &e) < 0 && e.kind == ERR_NOT_FOUND &&
           !file_exists(in_tmp("root/a/none")),
       "and nothing is made: %s", e.text);
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    (void)mkdir(in_tmp("root"), 0755);
    root = open(in_tmp("root"), O_PATH | O_DIRECTORY | O_CLOEXEC);
    made();
    refused();
    found();
    fd_close(&root);
    tmpdir_remove();
    return done_testing();
}
