/* SPDX-License-Identifier: MIT */
/* Dropping privileges needs privileges, so an ordinary user skips most of this. The end-to-end
 * tests check the same inside a container. */
#include "init/drop.h"

#include "child.h"
#include "tap.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Runs in a child. Returns 0 if every privilege is dropped, and another number for each that is
 * left. */
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

/* Runs in a child, as an ordinary user who cannot empty the bounding set. Returns 0 if
 * everything else is dropped, and 1 if that is an error. */
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

static int dropped_without_rights_in_child(bool landlock_only)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(dropped_without_rights(landlock_only));
    }
    return status_of(pid);
}

/* Runs in a child. Returns 0 if the process then has the group `want`, and no other besides its
 * own. */
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
    /* The kernel sorts the groups. */
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

/* Runs in a child. Returns 0 if the process then has only the capability CHOWN. */
static int all_but_one(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    struct err e = {0};

    if (drop_all_but(1U << CAP_CHOWN, &e) < 0 || syscall(SYS_capget, &head, data) < 0) {
        return 1;
    }
    return data[0].permitted == 1U << CAP_CHOWN && data[0].effective == 1U << CAP_CHOWN &&
                   data[0].inheritable == 0 && data[1].permitted == 0 &&
                   prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
               ? 0
               : 2;
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

/* Runs in a child. Returns 0 if a failure of the system call `failing` is an error. */
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
        ok(in_child(with_a_failing_call) == 0, "a failure of system call %u is an error",
           failing);
    }
}

int main(void)
{
    struct stat st = {0};

    (void)stat("/etc/shadow", &st);
    if (getuid() != 0) {
        ok(true, "dropping privileges # SKIP needs root");
        ok(user_in_child(getuid() + 1) == 1, "an ordinary user cannot become another user");
        return done_testing();
    }
    (void)fflush(stdout);
    is_int(in_child(all_but_one), 0, "a helper keeps only the capabilities that it needs");
    is_int(user_in_child(12345), 0,
           "an ordinary user has no capability, cannot become root, and keeps the session");
    is_int(dropped_without_rights_in_child(false), 1,
           "a bounding set that cannot be emptied is an error");
    is_int(dropped_without_rights_in_child(true), 0,
           "without namespaces the bounding set may stay, and core files are limited");
    each_failure_is_an_error();
    is_int(user_in_child(0), 0, "uid 0 has no capability");
    is_int(group_in_child("4999", 4999), 0, "a supplementary group is given by its number");
    is_int(group_in_child("4999:dev", 4999), 0, "its name may follow the number");
    is_int(group_in_child("/etc/shadow", st.st_gid), 0,
           "a supplementary group is given by the path of a file");
    is_int(group_in_child("/nowhere", 0), 1, "the path of a missing file is an error");
    is_int(group_in_child("docker", 0), 1, "the name of a group is an error");
    return done_testing();
}
