/* SPDX-License-Identifier: MIT */
/* Dropping privileges needs some: as an ordinary user that is skipped, and the end-to-end tests
 * show the same inside a container. */
#include "init/drop.h"

#include "child.h"
#include "tap.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In a child: 0 where everything is gone, else a number that says what is left. */
static int dropped(uint64_t uid)
{
    const struct boot b = {.uid = uid, .gid = uid};
    struct err e = {0};
    pid_t session = getsid(0);

    if (drop_privileges(&b, &e) < 0) {
        return 1;
    }
    if (getuid() != uid || geteuid() != uid || getgid() != uid) {
        return 2;
    }
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        return 3;
    }
    for (unsigned long cap = 0; cap < 40; cap++) {
        if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1) {
            return 4;
        }
    }
    if (setuid(0) == 0 && uid != 0) {
        return 5;
    }
    if (getsid(0) != session) {
        return 6;
    }
    return chown("/proc/self/fd", 1, 1) == 0 ? 7 : 0;
}

/* Without namespaces and as an ordinary user nobody may empty the bounding set: what counts is
 * empty all the same. */
static int dropped_without_rights(bool landlock_only)
{
    struct boot b = {.uid = 4321, .gid = 4321, .single = true, .landlock_only = landlock_only};
    struct rlimit cores = {0};
    struct err e = {0};

    if (setresgid(4321, 4321, 4321) < 0 || setresuid(4321, 4321, 4321) < 0) {
        return 77;
    }
    if (drop_privileges(&b, &e) < 0) {
        return strstr(e.text, "drop capability") != NULL ? 1 : 2;
    }
    if (getrlimit(RLIMIT_CORE, &cores) < 0 || cores.rlim_max > 1) {
        return 4;
    }
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 3;
}

static int without_rights(bool landlock_only)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(dropped_without_rights(landlock_only));
    }
    return status_of(pid);
}

/* In a child: 0 where exactly this further group is had. */
static int grouped(const char *group, gid_t want)
{
    struct arena a = {0};
    struct boot b = {.uid = 4321, .gid = 4321};
    struct err e = {0};
    gid_t groups[8] = {0};

    strv_add(&b.groups, &a, group);
    if (drop_privileges(&b, &e) < 0) {
        return 1;
    }
    /* The kernel keeps them in order. */
    return getgroups(8, groups) == 2 && (groups[0] == want || groups[1] == want) ? 0 : 2;
}

static int group_in_child(const char *group, gid_t want)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(grouped(group, want));
    }
    return status_of(pid);
}

static int user_in_child(uint64_t uid)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(dropped(uid));
    }
    return status_of(pid);
}

static unsigned failing;

/* 0 if a failure of this system call is an error of drop_privileges(). */
static int with_a_failing_call(void)
{
    const struct boot b = {.uid = 4321, .gid = 4321};
    struct err e = {0};

    return make_call_fail(failing, EIO) && drop_privileges(&b, &e) < 0 && e.errnum == EIO ? 0
                                                                                          : 1;
}

static void each_failure_is_an_error(void)
{
    static const unsigned calls[] = {SYS_capset,    SYS_capget,    SYS_setgroups,
                                     SYS_setresgid, SYS_setresuid, SYS_prctl};

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        failing = calls[i];
        ok(in_child(with_a_failing_call) == 0, "system call %u fails, and so does dropping",
           failing);
    }
}

int main(void)
{
    struct stat st = {0};

    (void)stat("/etc/shadow", &st);
    if (getuid() != 0) {
        ok(true, "dropping privileges # SKIP needs root");
        ok(user_in_child(getuid() + 1) == 1, "without privileges another user cannot be had");
        return done_testing();
    }
    (void)fflush(stdout);
    is_int(user_in_child(12345), 0,
           "an ordinary user: no capability, no way back, the same session");
    is_int(without_rights(false), 1, "who may not empty the bounding set has not dropped it");
    is_int(without_rights(true), 0,
           "but without namespaces that has to do; cores are nobody's business");
    each_failure_is_an_error();
    is_int(user_in_child(0), 0, "uid 0 without its capabilities");
    is_int(group_in_child("4999", 4999), 0, "a further group by its number");
    is_int(group_in_child("/etc/shadow", st.st_gid), 0, "and by what belongs to it");
    is_int(group_in_child("/nowhere", 0), 1, "which has to be there");
    is_int(group_in_child("docker", 0), 1, "a name is no number");
    return done_testing();
}
