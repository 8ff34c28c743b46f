/* SPDX-License-Identifier: MIT */
/* What init does to the file system is shown in containers by the end-to-end tests: here it
 * would change this machine. */
#include "init/setup.h"

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <sched.h>
#include <sys/mount.h>

/* A home that is a link: followed in a directory of the root's file system, not in one of
 * another. */
static int home_as_link(struct boot *b)
{
    struct err e = {0};
    struct stat st;
    struct stat root;

    b->copy_count = 0;
    b->home = "/etc/home";
    if (symlink(in_tmp("planted"), b->home) < 0 || setup_user(b, &e) == 0 ||
        lstat(in_tmp("planted"), &st) == 0) {
        return 6; /* one on another file system was followed */
    }
    if (stat("/", &root) < 0 || stat(tmpdir, &st) < 0 || st.st_dev != root.st_dev) {
        return 0; /* the rest needs a temporary directory there */
    }
    err_reset(&e);
    b->home = in_tmp("home/link");
    if (symlink("other/made", b->home) < 0 || setup_user(b, &e) < 0 ||
        lstat(in_tmp("home/other/made"), &st) < 0 || st.st_uid != 4321 ||
        !S_ISDIR(st.st_mode)) {
        (void)fprintf(stderr, "# %s\n", e.text);
        return 7;
    }
    (void)unlink(b->home);
    if (symlink(in_tmp("absolute"), b->home) < 0 || setup_user(b, &e) < 0 ||
        lstat(in_tmp("absolute"), &st) < 0 || st.st_uid != 4321) {
        return 8;
    }
    put_file(in_tmp("file"), "");
    (void)unlink(b->home);
    if (symlink(in_tmp("file"), b->home) < 0 || setup_user(b, &e) == 0 ||
        lstat(in_tmp("file"), &st) < 0 || st.st_uid == 4321) {
        return 9;
    }
    return 0;
}

/* In a mount namespace of its own, with another /etc: as root only. */
static int isolated(void)
{
    struct boot_copy copy = {NULL, NULL, 0600};
    struct boot b = {
        .uid = 4321, .gid = 4321, .user = "ann", .shell = "/bin/none", .tz = "../../evil"};
    struct err e = {0};
    struct stat st;

    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("t", "/etc", "tmpfs", 0, NULL) < 0) {
        return 77;
    }
    put_file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    b.home = in_tmp("home/ann");
    copy.source = in_tmp("source");
    copy.target = in_tmp("home/ann/.copy");
    b.copies = &copy;
    b.copy_count = 1;
    put_file(copy.source, "text");
    if (setup_user(&b, &e) < 0) {
        (void)fprintf(stderr, "# %s\n", e.text);
        return 1;
    }
    if (strstr(get_file("/etc/passwd"), "ann:x:4321:4321::") == NULL ||
        strstr(get_file("/etc/group"), "ann:x:4321:") == NULL) {
        return 2;
    }
    if (lstat(b.home, &st) < 0 || st.st_uid != 4321 || !S_ISDIR(st.st_mode)) {
        return 3;
    }
    if (lstat(copy.target, &st) < 0 || st.st_uid != 4321 || (st.st_mode & 07777) != 0600) {
        return 4;
    }
    (void)unlink(copy.target);
    put_file(in_tmp("victim"), "safe");
    if (symlink(in_tmp("victim"), copy.target) < 0 || setup_user(&b, &e) == 0 ||
        strcmp(get_file(in_tmp("victim")), "safe") != 0) {
        return 5; /* a planted link was followed */
    }
    return home_as_link(&b);
}

/* As whoever we are: nothing of the machine's is touched, with or without the right to. */
static void without_namespaces(void)
{
    struct arena a = {0};
    struct boot_copy copy = {arena_strdup(&a, in_tmp("source")),
                             arena_strdup(&a, in_tmp("run/home/.copy")), 0600};
    struct boot_link link = {arena_strdup(&a, in_tmp("run/home/.claude/projects")),
                             arena_strdup(&a, in_tmp("shared"))};
    struct boot b = {.uid = getuid(),
                     .gid = getgid(),
                     .user = "nobody-of-that-name",
                     .shell = "/bin/none",
                     .tz = "Europe/Berlin",
                     .single = true,
                     .landlock_only = true,
                     .copies = &copy,
                     .copy_count = 1,
                     .links = &link,
                     .link_count = 1};
    struct err e = {0};
    struct stat before = {0};
    struct stat after = {0};
    char text[256] = "";

    b.home = arena_strdup(&a, in_tmp("run/home"));
    strv_add(&b.dirs, &a, arena_strdup(&a, in_tmp("run/home/.claude")));
    put_file(copy.source, "text");
    (void)lstat("/etc/passwd", &before);
    is_int(setup_user(&b, &e), 0, "without namespaces");
    (void)lstat("/etc/passwd", &after);
    ok(before.st_ino == after.st_ino && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
           before.st_mtim.tv_nsec == after.st_mtim.tv_nsec,
       "/etc is the machine's own %s", e.text);
    is_str(get_file(copy.target), "text", "the home is filled");
    ok(readlink(link.path, text, sizeof(text) - 1) > 0 && strcmp(text, link.target) == 0,
       "links stand for mounts");
    arena_release(&a);
}

int main(void)
{
    struct boot b = {.shell = "/bin/sh"};
    int status;

    is_str(setup_shell(&b), "/bin/sh", "a shell that is there");
    b.shell = "/bin/nosuchshell";
    is_str(setup_shell(&b), "/bin/sh", "else the one every system has");
    tmpdir_make();
    without_namespaces();
    status = in_child(isolated);
    if (status == 77) {
        ok(true, "user, home and copies are made # SKIP needs a mount namespace");
    } else {
        is_int(status, 0, "user, home and copies are made; no planted link is followed");
    }
    tmpdir_remove();
    return done_testing();
}
