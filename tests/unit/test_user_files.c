/* SPDX-License-Identifier: MIT */
/* Files that an earlier session may have replaced. Init must not use root's rights for them. */
#include "init/user_files.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>

static struct boot user;

static const char *target_of(const char *path)
{
    static char target[512];
    ssize_t n = readlink(path, target, sizeof(target) - 1);

    target[n < 0 ? 0 : n] = '\0';
    return target;
}

/* Makes a link with setup_link(). */
static int link_to(const char *path, const char *target, struct err *e)
{
    const struct boot_link l = {path, target};

    *e = (struct err){0};
    return setup_link(&user, &l, e);
}

static void links_are_made(void)
{
    struct err e;

    is_int(link_to(in_tmp("a/b/link"), "/x", &e), 0, "a link and its directories are made");
    is_str(target_of(in_tmp("a/b/link")), "/x", "the link has its target");
    is_int(link_to(in_tmp("a/b/link"), "/y", &e), 0, "a link is replaced");
    is_str(target_of(in_tmp("a/b/link")), "/y", "the new link has its own target");
    put_file(in_tmp("file"), "old");
    is_int(link_to(in_tmp("file"), "/z", &e), 0, "a file is replaced");
    is_str(target_of(in_tmp("file")), "/z", "the link in the place of the file has its target");
    ok(link_to(in_tmp("a"), "/z", &e) < 0, "a directory is not replaced: %s", e.text);
}

/* The user has made links. Runs as root only, because init changes its rights. */
static void links_of_the_user_do_not_use_the_rights_of_root(void)
{
    struct err e;

    if (geteuid() != 0) {
        return;
    }
    (void)chmod(tmpdir, 0755);
    (void)mkdir(in_tmp("roots"), 0755);
    put_file(in_tmp("roots/passwd"), "of root");
    (void)mkdir(in_tmp("users"), 0755);
    (void)!chown(in_tmp("users"), 4321, 4321);
    (void)symlink(in_tmp("roots"), in_tmp("users/way"));
    ok(link_to(in_tmp("users/way/passwd"), "/x", &e) < 0,
       "a link of the user does not lead to a file of root: %s", e.text);
    is_str(get_file(in_tmp("roots/passwd")), "of root", "the file of root is unchanged");
    (void)mkdir(in_tmp("users/own"), 0755);
    (void)!chown(in_tmp("users/own"), 4321, 4321);
    (void)symlink(in_tmp("users/own"), in_tmp("users/ours"));
    is_int(link_to(in_tmp("users/ours/link"), "/x", &e), 0,
           "a link of the user is followed to a directory of the user");
    is_str(target_of(in_tmp("users/own/link")), "/x",
           "the link is made in the directory of the user");
    put_file(in_tmp("roots/secret"), "s");
    (void)chmod(in_tmp("roots/secret"), 0600);
    ok(open_as_user(&user, in_tmp("roots/secret"), O_RDONLY, 0) < 0 && errno == EACCES,
       "a file that the user cannot read is not opened");
    is_int((int)geteuid(), 0, "init has its own user again");
    (void)symlink(in_tmp("roots/secret"), in_tmp("users/login"));
    ok(renew_file(&user, in_tmp("users/login"), str_c("new"), &e) < 0,
       "a login that is a link is not written");
    is_str(get_file(in_tmp("roots/secret")), "s", "the target of the link is unchanged");
}

static void a_login_is_replaced_in_place(void)
{
    struct err e = {0};

    put_file(in_tmp("login"), "a long old one");
    (void)chmod(in_tmp("login"), 0600);
    if (geteuid() == 0) {
        (void)!chown(in_tmp("login"), 4321, 4321);
    }
    is_int(renew_file(&user, in_tmp("login"), str_c("new"), &e), 0, "a login is written");
    is_str(get_file(in_tmp("login")), "new\n\n\n\n\n\n\n\n\n\n\n",
           "the new login replaces the old one, and newlines fill it up to the old size");
    is_int(mode_of(in_tmp("login")), 0600, "the mode of the login is unchanged");
}

int main(void)
{
    tmpdir_make();
    user = geteuid() == 0 ? (struct boot){.uid = 4321, .gid = 4321}
                          : (struct boot){.uid = geteuid(), .gid = getegid()};
    links_are_made();
    links_of_the_user_do_not_use_the_rights_of_root();
    a_login_is_replaced_in_place();
    tmpdir_remove();
    return done_testing();
}
