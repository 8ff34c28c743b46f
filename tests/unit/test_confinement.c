/* SPDX-License-Identifier: MIT */
/* Applies the grants and the filter of a boot file, each time in a child of its own, because
 * this cannot be undone. The functions that run in the child return 0 if the confinement is
 * right, and another number for each check that fails. */
#include "init/confinement.h"

#include "child.h"
#include "confine/landlock.h"
#include "confine/seccomp.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static struct arena arena;
static struct boot boot;

static void grant(const char *kind, const char *path)
{
    strv_add(&boot.grants, &arena, arena_printf(&arena, "%s%s", kind, path));
}

static void reset(unsigned filter)
{
    boot = (struct boot){.filter = filter};
}

static bool is_refused(long got, int errnum)
{
    return got == -1 && errno == errnum;
}

static int both(void)
{
    if (open_error(in_tmp("read/f"), O_RDONLY) != 0 ||
        open_error(in_tmp("read/f"), O_WRONLY) != EACCES) {
        return 2;
    }
    if (open_error(in_tmp("write/new"), O_WRONLY | O_CREAT) != 0) {
        return 3;
    }
    if (open_error(in_tmp("list"), O_RDONLY | O_DIRECTORY) != 0 ||
        open_error(in_tmp("list/f"), O_RDONLY) != EACCES) {
        return 4;
    }
    if (open_error(in_tmp("secret"), O_RDONLY) != EACCES) {
        return 5;
    }
    return is_refused(syscall(SYS_bpf, 0, NULL, 0), EPERM) &&
                   is_refused(unshare(CLONE_NEWUSER), EPERM) &&
                   prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2
               ? 0
               : 6;
}

static int filter_alone(void)
{
    return is_refused(syscall(SYS_bpf, 0, NULL, 0), EPERM) &&
                   open_error(in_tmp("secret"), O_RDONLY) == 0
               ? 0
               : 2;
}

static int files_alone(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 &&
                   open_error(in_tmp("secret"), O_RDONLY) == EACCES
               ? 0
               : 2;
}

static int nothing(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 && open_error(in_tmp("secret"), O_RDONLY) == 0
               ? 0
               : 2;
}

static int in_landlock_only(void)
{
    return is_refused(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), EAFNOSUPPORT) ? 0 : 2;
}

static int with_namespaces(void)
{
    return is_refused(syscall(SYS_bpf, 0, NULL, 0), EPERM) &&
                   !is_refused(syscall(SYS_umount2, "/nowhere", 0), EPERM)
               ? 0
               : 2;
}

/* Applies the confinement in a child; `shut` sets no_new_privs before. Returns 0 if it fails
 * with an error that contains `wrong`. If `wrong` is NULL, it must not fail, and the result is
 * that of f(). */
static int in_confined_child(bool shut, int (*f)(void), const char *wrong)
{
    pid_t pid;

    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        struct err e = {0};

        if (shut && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
            _exit(97);
        }
        if (confinement_apply(&boot, &e) < 0) {
            _exit(wrong != NULL && strstr(e.text, wrong) != NULL ? 0 : 1);
        }
        _exit(wrong != NULL ? 1 : f());
    }
    return status_of(pid);
}

static void grants_of_unknown_form_are_refused(void)
{
    static const char *const grants[] = {"", "r", "rhome", "x/home", "/home", "rr/home", " /"};
    bool all = true;

    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
        reset(0);
        strv_add(&boot.grants, &arena, grants[i]);
        if (in_confined_child(true, nothing, "a grant is not") != 0) {
            ok(false, "'%s' is accepted as a grant", grants[i]);
            all = false;
        }
    }
    ok(all, "grants of an unknown form are refused");
}

static void grants_are_applied(void)
{
    reset(1);
    grant("r", "/usr");
    grant("r", in_tmp("read"));
    grant("w", in_tmp("write"));
    grant("l", in_tmp("list"));
    grant("R", "/nowhere/at/all");
    grant("W", "/nowhere/at/all");
    is_int(in_confined_child(true, both, NULL), 0, "grants and filter are applied together");
    grant("w", "/nowhere/at/all");
    is_int(in_confined_child(true, nothing, "/nowhere/at/all"), 0,
           "a path that is missing is an error unless it is optional");
    reset(0);
    grant("r", in_tmp("read"));
    is_int(in_confined_child(true, files_alone, NULL), 0,
           "grants are applied without a filter");
    if (getuid() != 0) {
        is_int(in_confined_child(false, nothing, "landlock"), 0, "grants need no_new_privs");
    }
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("read"), 0755);
    (void)mkdir(in_tmp("write"), 0755);
    (void)mkdir(in_tmp("list"), 0755);
    put_file(in_tmp("read/f"), "x");
    put_file(in_tmp("list/f"), "x");
    put_file(in_tmp("secret"), "x");
    reset(0);
    is_int(in_confined_child(false, nothing, NULL), 0,
           "without grants and filter nothing is confined");
    grants_of_unknown_form_are_refused();
    if (landlock_abi() > 0) {
        grants_are_applied();
    } else {
        ok(true, "grants # SKIP needs Landlock");
        reset(0);
        boot.landlock_only = true;
        grant("r", "/");
        is_int(in_confined_child(true, nothing, "no Landlock"), 0,
               "without namespaces a kernel without Landlock is an error");
    }
    if (seccomp_is_available()) {
        reset(1);
        is_int(in_confined_child(true, filter_alone, NULL), 0,
               "the filter is applied without grants");
        reset(1 + SECCOMP_NO_NAMESPACES);
        is_int(in_confined_child(true, in_landlock_only, NULL), 0,
               "without namespaces the filter refuses unix sockets");
        reset(1 + SECCOMP_ALLOW_USERNS);
        is_int(in_confined_child(true, with_namespaces, NULL), 0,
               "the filter allows umount2(2) if the user allows namespaces");
    } else {
        ok(true, "the filter # SKIP needs seccomp");
    }
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
