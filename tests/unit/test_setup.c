/* SPDX-License-Identifier: MIT */
/* Most of what init does to the file system is tested in containers by the end-to-end tests,
 * because here it would change this machine. */
#include "init/setup.h"

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <sched.h>
#include <sys/mount.h>

/* The home is a link. It must be followed if its directory is on the root's file system, and
 * not if that is on another one. Returns 0 on success, and another number for each check that
 * fails. */
static int home_as_link(struct boot *b)
{
    struct err e = {0};
    struct stat st;
    struct stat root;

    b->copy_count = 0;
    b->home = "/etc/home";
    if (symlink(in_tmp("planted"), b->home) < 0 || setup_user(b, &e) == 0 ||
        lstat(in_tmp("planted"), &st) == 0) {
        return 6; /* a link on another file system was followed */
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

/* Runs in a child, in a mount namespace with another /etc. Returns 0 on success, 77 if this
 * machine does not allow that, and another number for each check that fails. */
static int setup_in_mount_namespace(void)
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
        return 5; /* a link of an earlier session was followed */
    }
    return home_as_link(&b);
}

/* Runs as any user. Nothing outside of the home changes, even if this user may change it. */
static void setup_without_namespaces_changes_only_the_home(void)
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
    is_int(setup_user(&b, &e), 0, "setup works without namespaces");
    (void)lstat("/etc/passwd", &after);
    ok(before.st_ino == after.st_ino && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
           before.st_mtim.tv_nsec == after.st_mtim.tv_nsec,
       "setup without namespaces does not change /etc %s", e.text);
    is_str(get_file(copy.target), "text", "copies are put into the home");
    ok(readlink(link.path, text, sizeof(text) - 1) > 0 && strcmp(text, link.target) == 0,
       "links are made");
    arena_release(&a);
}

int main(void)
{
    struct boot b = {.shell = "/bin/sh"};
    int status;

    is_str(setup_shell(&b), "/bin/sh", "a shell that exists is used");
    b.shell = "/bin/nosuchshell";
    is_str(setup_shell(&b), "/bin/sh", "/bin/sh is used if the shell does not exist");
    tmpdir_make();
    setup_without_namespaces_changes_only_the_home();
    status = in_child(setup_in_mount_namespace);
    if (status == 77) {
        ok(true, "user, home and copies are made # SKIP needs a mount namespace");
    } else {
        is_int(
            status, 0,
            "user, home and copies are made, and links of an earlier session are not followed");
    }
    tmpdir_remove();
    return done_testing();
}
