/* SPDX-License-Identifier: MIT */
/* Tests the reasons for a refusal of namespaces, with files in the temporary directory as the
 * kernel's settings, and which errors are faults and not refusals. */
#include "native/userns_error.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct err e;

static struct err *failed(int errnum, enum userns_error_of what)
{
    err_reset(&e);
    errno = errnum;
    (void)err_sys(&e, "it");
    (void)userns_error_mark(&e, what);
    return &e;
}

static void says(int errnum, enum userns_error_of what, const char *why, const char *next,
                 const char *name)
{
    struct userns_error r = {0};

    (void)failed(errnum, what);
    e.kind = ERR_REFUSED;
    e.code = what;
    userns_error_explain(&e, tmpdir, &arena, &r);
    ok(strstr(r.why, why) != NULL, "%s: %s", name, r.why);
    ok(next == NULL ? r.next == NULL : r.next != NULL && strstr(r.next, next) != NULL,
       "%s: the advice is right: %s", name, r.next != NULL ? r.next : "nothing");
}

static void refusals_are_marked(void)
{
    static const int never[] = {EIO, ENOMEM, EAGAIN, EBUSY, ENOENT, EINTR};

    (void)failed(EPERM, USERNS_ERROR_CLONE);
    ok(e.kind == ERR_REFUSED && e.code == USERNS_ERROR_CLONE, "EPERM is a refusal");
    (void)failed(EACCES, USERNS_ERROR_MOUNT);
    ok(e.kind == ERR_REFUSED && e.code == USERNS_ERROR_MOUNT, "EACCES is a refusal");
    ok(failed(EINVAL, USERNS_ERROR_CLONE)->kind == ERR_REFUSED,
       "EINVAL of clone, of a kernel without namespaces, is a refusal");
    ok(failed(EINVAL, USERNS_ERROR_MOUNT)->kind == ERR_SYS, "EINVAL of mount is a fault");
    ok(failed(ENOSYS, USERNS_ERROR_MAP)->kind == ERR_SYS, "ENOSYS of a map is a fault");
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        ok(failed(never[i], USERNS_ERROR_CLONE)->kind == ERR_SYS &&
               failed(never[i], USERNS_ERROR_MOUNT)->kind == ERR_SYS,
           "%s is a fault", strerror(never[i]));
    }
    if (access("/proc/sys/user/max_user_namespaces", R_OK) == 0 &&
        strcmp(get_file("/proc/sys/user/max_user_namespaces"), "0\n") != 0) {
        (void)failed(ENOSPC, USERNS_ERROR_CLONE);
        ok(e.kind == ERR_SYS && strstr(e.hint, "in use") != NULL,
           "ENOSPC because all namespaces are in use is a fault, with a hint: %s", e.hint);
    }
    e = (struct err){.kind = ERR_LIMIT, .errnum = EPERM};
    ok(userns_error_mark(&e, USERNS_ERROR_CLONE) == -1 && e.kind == ERR_LIMIT,
       "an error of another kind is unchanged");
}

static void refusals_are_explained(void)
{
    says(EPERM, USERNS_ERROR_CLONE, "it: Operation", NULL, "no setting explains the refusal");
    says(EINVAL, USERNS_ERROR_CLONE, "built without", NULL, "a kernel without namespaces");
    says(EUSERS, USERNS_ERROR_CLONE, "too deep", NULL, "namespaces that are nested too deep");
    put_below("proc/sys/kernel/unprivileged_userns_clone", "0\n");
    says(EPERM, USERNS_ERROR_CLONE, "kernel.unprivileged_userns_clone is 0",
         "sysctl kernel.unprivileged_userns_clone=1", "the setting of Debian");
    put_below("proc/sys/kernel/unprivileged_userns_clone", "1\n");
    put_below("proc/sys/user/max_user_namespaces", "0\n");
    says(ENOSPC, USERNS_ERROR_CLONE, "user.max_user_namespaces is 0",
         "sysctl user.max_user_namespaces=", "a limit of user namespaces");
    put_below("proc/sys/user/max_user_namespaces", "100\n");
    put_below("proc/sys/user/max_net_namespaces", "0\n");
    says(ENOSPC, USERNS_ERROR_CLONE, "user.max_net_namespaces is 0",
         "max_net_namespaces=", "a limit of network namespaces");
    put_below("proc/self/status", "Name:\tx\nSeccomp:\t2\nThreads:\t1\n");
    says(EPERM, USERNS_ERROR_CLONE,
         "a filter of system calls around cco forbids new namespaces", NULL,
         "a filter of namespaces");
    says(EPERM, USERNS_ERROR_MOUNT, "forbids mounts", NULL, "a filter of mounts");
    says(EPERM, USERNS_ERROR_PROC, "parts of /proc are covered", NULL, "a covered /proc");
    put_below(".dockerenv", "");
    says(EPERM, USERNS_ERROR_CLONE, "the container around cco",
         "seccomp=unconfined --security-opt sys", "the filter of Docker");
    says(EPERM, USERNS_ERROR_PROC, "parts of /proc are covered", "systempaths=unconfined",
         "the /proc of Docker");
    put_below("proc/self/attr/current", "docker-default (enforce)\n");
    says(EACCES, USERNS_ERROR_MOUNT, "the container around cco", "apparmor=unconfined",
         "the AppArmor profile of Docker");
    put_below("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
    says(EACCES, USERNS_ERROR_MOUNT, "AppArmor", "apparmor_restrict_unprivileged_userns=0",
         "mounts on Ubuntu");
    says(EACCES, USERNS_ERROR_MAP, "AppArmor", "apparmor_restrict", "maps on Ubuntu");
}

int main(void)
{
    tmpdir_make();
    refusals_are_marked();
    refusals_are_explained();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
