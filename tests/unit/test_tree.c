/* SPDX-License-Identifier: MIT */
/* Tests the removal of trees (base/tree.c), and mounts of trees (native/tree.c) in new
 * namespaces. Functions for in_namespaces() return 0 on success and the number of the failed
 * step otherwise. */
#include "native/tree.h"

#include "base/fd.h"
#include "base/file.h"
#include "child.h"
#include "native/ns.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>

enum { FORBIDDEN = 77 };

static uid_t uid;
static gid_t gid;
static bool by_name;
static char from[512];
static char to[512];

static bool mounted(const char *source, unsigned flags, const char *target, struct err *e)
{
    struct tree t;
    int place = open(target, O_PATH | O_CLOEXEC);
    bool done = place >= 0 && tree_open(&t, source, flags, by_name, e) == 0 &&
                tree_put(&t, place, target, e) == 0 && t.fd == -1;

    fd_close(&place);
    return done;
}

static bool has_flags(const char *path, unsigned long flags, unsigned long without)
{
    struct statvfs st;

    return statvfs(path, &st) == 0 && (st.f_flag & flags) == flags &&
           (st.f_flag & without) == 0;
}

/* Mounts a tmpfs with a file at "sub" in the source. */
static bool with_sub(void)
{
    char path[600];

    (void)snprintf(path, sizeof(path), "%s/sub", from);
    if (mount("t", path, "tmpfs", 0, NULL) < 0) {
        return false;
    }
    (void)snprintf(path, sizeof(path), "%s/sub/f", from);
    put_file(path, "below");
    return true;
}

static bool holds(const char *name, const char *want)
{
    char path[600];

    (void)snprintf(path, sizeof(path), "%s/%s", to, name);
    return strcmp(get_file(path), want) == 0;
}

static int write_error(const char *name)
{
    char path[600];
    int fd;

    (void)snprintf(path, sizeof(path), "%s/%s", to, name);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno;
    }
    (void)close(fd);
    return 0;
}

static int a_tree_is_read_only(struct err *e)
{
    char sub[600];

    if (!with_sub() || !mounted(from, TREE_READ_ONLY | TREE_NOEXEC, to, e)) {
        return 2;
    }
    (void)snprintf(sub, sizeof(sub), "%s/sub", to);
    if (!holds("f", "host") || !holds("sub/f", "below")) {
        return 3;
    }
    if (write_error("new") != EROFS || write_error("sub/new") != EROFS) {
        return 4; /* mounts below must be read-only, too */
    }
    return has_flags(to, ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC, 0) &&
                   has_flags(sub, ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC, 0) &&
                   has_flags(from, 0, ST_RDONLY)
               ? 0
               : 5;
}

static int a_writable_tree_has_no_setuid(struct err *e)
{
    if (!mounted(from, 0, to, e) || write_error("by us") != 0) {
        return 2;
    }
    return has_flags(to, ST_NOSUID | ST_NODEV, ST_RDONLY) ? 0 : 3;
}

static int devices_need_a_flag(struct err *e)
{
    char path[600];
    int fd;

    (void)snprintf(path, sizeof(path), "%s/dev", to);
    put_file(path, "");
    if (!mounted("/dev/null", TREE_DEVICES, path, e) ||
        (fd = open(path, O_RDWR | O_CLOEXEC)) < 0) {
        return 2;
    }
    (void)close(fd);
    if (!mounted("/dev/null", 0, path, e)) {
        return 3;
    }
    return open(path, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES ? 0 : 4;
}

static int a_tree_is_locked(struct err *e)
{
    int place;

    if (!mounted(from, 0, to, e)) {
        return 2;
    }
    place = open(to, O_PATH | O_CLOEXEC);
    if (tree_lock(place, to, TREE_READ_ONLY, by_name, e) < 0) {
        return 3;
    }
    return write_error("new") == EROFS && holds("f", "host") ? 0 : 4;
}

static int new_file_systems_have_attributes(struct err *e)
{
    int place = open(to, O_PATH | O_CLOEXEC);
    struct stat st;

    if (tree_new("tmpfs", "mode=0710", TREE_NOEXEC, place, to, e) < 0 ||
        write_error("new") != 0 ||
        !has_flags(to, ST_NOSUID | ST_NODEV | ST_NOEXEC, ST_RDONLY)) {
        return 2;
    }
    if (stat(to, &st) < 0 || (st.st_mode & 07777) != 0710) {
        return 3;
    }
    err_reset(e);
    return tree_new("no-such-type", "", 0, place, to, e) < 0 && strstr(e->text, to) != NULL ? 0
                                                                                            : 4;
}

static int a_missing_source_is_an_error(struct err *e)
{
    struct tree t;
    bool told = tree_open(&t, "/nowhere/at/all", 0, by_name, e) < 0 &&
                e->kind == ERR_NOT_FOUND && t.fd == -1;

    err_reset(e);
    told = told && tree_open(&t, "/dev/null/x", 0, by_name, e) < 0 && e->kind == ERR_NOT_FOUND;
    tree_close(&t);
    return told ? 0 : 2;
}

/* The kernel refuses to mount a file onto a directory. */
static int kinds_must_match(struct err *e)
{
    return !mounted("/dev/null", 0, to, e) && e->kind == ERR_SYS && strstr(e->text, to) != NULL
               ? 0
               : 2;
}

static int in_namespaces(int (*f)(struct err *e))
{
    struct err e = {0};
    pid_t pid;

    (void)fflush(stdout);
    pid = ns_fork(false, &e);
    if (pid == 0) {
        int got;

        (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
        if (ns_map_self(uid, gid, &e) < 0 ||
            mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
            _exit(FORBIDDEN);
        }
        got = f(&e);
        if (got != 0) {
            (void)printf("# %s\n", e.text);
            (void)fflush(stdout);
        }
        _exit(got);
    }
    if (pid < 0) {
        return FORBIDDEN;
    }
    return status_of(pid);
}

static void mounts_work(const char *how)
{
    ok(in_namespaces(a_tree_is_read_only) == 0,
       "%s: a tree with the mounts below it is read-only", how);
    ok(in_namespaces(a_writable_tree_has_no_setuid) == 0,
       "%s: a writable tree has no setuid and no devices", how);
    ok(in_namespaces(devices_need_a_flag) == 0, "%s: a device works only with TREE_DEVICES",
       how);
    ok(in_namespaces(a_tree_is_locked) == 0, "%s: a mounted tree can be made read-only", how);
    ok(in_namespaces(a_missing_source_is_an_error) == 0, "%s: a missing source is an error",
       how);
    ok(in_namespaces(kinds_must_match) == 0,
       "%s: mounting a device onto a directory is an error", how);
}

static void trees_are_mounted(void)
{
    uid = getuid();
    gid = getgid();
    (void)snprintf(from, sizeof(from), "%s", in_tmp("from"));
    (void)snprintf(to, sizeof(to), "%s", in_tmp("to"));
    (void)mkdir(from, 0755);
    (void)mkdir(to, 0755);
    (void)mkdir(in_tmp("from/sub"), 0755);
    put_file(in_tmp("from/f"), "host");
    if (in_namespaces(a_missing_source_is_an_error) == FORBIDDEN) {
        ok(true, "mounts # SKIP namespaces are not allowed here");
        return;
    }
    is_int(in_namespaces(new_file_systems_have_attributes), 0,
           "a new file system has its attributes");
    by_name = true;
    mounts_work("by name");
    if (tree_has_api()) {
        by_name = false;
        mounts_work("with the mount API");
    }
    ok(file_exists(in_tmp("from/by us")) && !file_exists(in_tmp("to/by us")),
       "files are written to the host's directory, and no mount is left");
}

/* Makes nested directories with a file in each. Every second one cannot be written. */
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

static void trees_are_removed(void)
{
    struct err e = {0};
    char path[600];

    (void)mkdir(in_tmp("keep"), 0700);
    put_file(in_tmp("keep/file"), "x");
    (void)file_mkdirs(in_tmp("tree/a/b/c"), 0700, &e);
    put_file(in_tmp("tree/a/file"), "x");
    put_file(in_tmp("tree/.hidden"), "x");
    ok(symlink(in_tmp("keep"), in_tmp("tree/a/link")) == 0,
       "a link out of the tree can be made");
    (void)chmod(in_tmp("tree/a/b"), 0);
    (void)snprintf(path, sizeof(path), "%s", in_tmp("deep"));
    (void)mkdir(path, 0700);
    for (int i = 0; i < 100; i++) {
        size_t len = strlen(path);

        (void)snprintf(path + len, sizeof(path) - len, "/d");
        (void)mkdir(path, 0700);
    }
    ok(file_remove_tree(in_tmp("tree"), &e) == 0 || getuid() != 0,
       "a tree with an unreadable directory is removed, at least by root %s", e.text);
    (void)chmod(in_tmp("tree/a/b"), 0700);
    ok(file_remove_tree(in_tmp("tree"), &e) == 0 && !file_exists(in_tmp("tree")),
       "a tree is removed as a whole");
    is_str(get_file(in_tmp("keep/file")), "x", "links are not followed");
    ok(file_remove_tree(in_tmp("deep"), &e) == 0, "a deep tree is removed %s", e.text);
    ok(mkdir(in_tmp("deeper"), 0700) == 0 && nest(in_tmp("deeper"), 1000),
       "a tree that is deeper than the longest path can be made");
    put_file(in_tmp("deeper/.deep-0"), "in the way");
    ok(file_remove_tree(in_tmp("deeper"), &e) == 0 && !file_exists(in_tmp("deeper")),
       "such a tree is removed %s", e.text);
    ok(symlink(in_tmp("keep"), in_tmp("top")) == 0 &&
           file_remove_tree(in_tmp("top"), &e) == 0 && file_exists(in_tmp("keep/file")),
       "a link is removed, and its target is not");
    ok(symlink(in_tmp("keep"), in_tmp("top")) == 0 &&
           file_remove_tree(in_tmp("top/"), &e) == 0 && file_exists(in_tmp("keep/file")) &&
           !file_exists(in_tmp("top")),
       "the same holds for a path with a slash at its end");
    ok(file_remove_tree(in_tmp("keep/file"), &e) == 0, "a file is removed");
    ok(file_remove_tree(in_tmp("none"), &e) == 0, "removing a missing file is not an error");
}

int main(void)
{
    tmpdir_make();
    (void)chmod(tmpdir, 0755);
    trees_are_removed();
    trees_are_mounted();
    tmpdir_remove();
    return done_testing();
}
