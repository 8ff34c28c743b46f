/* SPDX-License-Identifier: MIT */
/* Files that an earlier session may have exchanged: root does nothing for it. */
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

static int link_to(const char *path, const char *target, struct err *e)
{
    const struct boot_link l = {path, target};

    *e = (struct err){0};
    return setup_link(&user, &l, e);
}

static void links(void)
{
    struct err e;

    is_int(link_to(in_tmp("a/b/link"), "/x", &e), 0, "a link, and what it lies in");
    is_str(target_of(in_tmp("a/b/link")), "/x", "leads where it should");
    is_int(link_to(in_tmp("a/b/link"), "/y", &e), 0, "another one in its place");
    is_str(target_of(in_tmp("a/b/link")), "/y", "leads to another file");
    put_file(in_tmp("file"), "old");
    is_int(link_to(in_tmp("file"), "/z", &e), 0, "one in the place of a file");
    is_str(target_of(in_tmp("file")), "/z", "takes it");
    ok(link_to(in_tmp("a"), "/z", &e) < 0, "a directory stays: %s", e.text);
}

/* Only root can become somebody else. */
static void planted(void)
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
       "not through a link of the user's: %s", e.text);
    is_str(get_file(in_tmp("roots/passwd")), "of root", "what it leads to is as it was");
    (void)mkdir(in_tmp("users/own"), 0755);
    (void)!chown(in_tmp("users/own"), 4321, 4321);
    (void)symlink(in_tmp("users/own"), in_tmp("users/ours"));
    is_int(link_to(in_tmp("users/ours/link"), "/x", &e), 0, "but where the user could go");
    is_str(target_of(in_tmp("users/own/link")), "/x", "it is made");
    put_file(in_tmp("roots/secret"), "s");
    (void)chmod(in_tmp("roots/secret"), 0600);
    ok(open_as_user(&user, in_tmp("roots/secret"), O_RDONLY, 0) < 0 && errno == EACCES,
       "what the user cannot read is not read");
    is_int((int)geteuid(), 0, "root is root again");
    (void)symlink(in_tmp("roots/secret"), in_tmp("users/login"));
    ok(renew_file(&user, in_tmp("users/login"), str_c("new"), &e) < 0,
       "nothing is written through a link");
    is_str(get_file(in_tmp("roots/secret")), "s", "to where it leads");
}

static void renewing(void)
{
    struct err e = {0};

    put_file(in_tmp("login"), "a long old one");
    (void)chmod(in_tmp("login"), 0600);
    if (geteuid() == 0) {
        (void)!chown(in_tmp("login"), 4321, 4321);
    }
    is_int(renew_file(&user, in_tmp("login"), str_c("new"), &e), 0, "a login anew");
    is_str(get_file(in_tmp("login")), "new", "is all there is");
    is_int(mode_of(in_tmp("login")), 0600, "as private as before");
}

int main(void)
{
    tmpdir_make();
    user = geteuid() == 0 ? (struct boot){.uid = 4321, .gid = 4321}
                          : (struct boot){.uid = geteuid(), .gid = getegid()};
    links();
    planted();
    renewing();
    tmpdir_remove();
    return done_testing();
}
