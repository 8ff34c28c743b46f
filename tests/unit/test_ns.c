/* SPDX-License-Identifier: MIT */
/* Tests new namespaces and the ids in them. Functions for in_namespaces() return 0 on success
 * and the number of the failed step otherwise. */
#include "native/ns.h"

#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { FORBIDDEN = 77 };

static uid_t uid;
static gid_t gid;

static int child_is_process_1(void)
{
    struct err e = {0};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (getpid() != 1 || ns_map_self(uid, gid, &e) < 0) {
        return 2;
    }
    if (getuid() != uid || getgid() != gid || geteuid() != uid) {
        return 3;
    }
    return kill(-1, 0) < 0 && errno == ESRCH ? 0 : 4; /* no other process exists */
}

static int maps_are_written_once(void)
{
    struct err e = {0};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (ns_map_self(uid, gid, &e) < 0) {
        return 2;
    }
    return ns_map_self(uid, gid, &e) < 0 && e.text[0] != '\0' ? 0 : 3;
}

static int other_uid_cannot_be_mapped(void)
{
    struct err e = {0};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    return ns_map_self(uid + 1, gid, &e) < 0 && strstr(e.text, "uid_map") != NULL ? 0 : 2;
}

static int loopback_comes_up(void)
{
    struct err e = {0};
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(a);
    int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int two = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(one, (struct sockaddr *)&a, len) < 0 || listen(one, 1) < 0 ||
        getsockname(one, (struct sockaddr *)&a, &len) < 0) {
        return 2;
    }
    if (connect(two, (struct sockaddr *)&a, len) == 0) {
        return 3; /* it is up already, so it is the host's */
    }
    if (ns_loopback(&e) < 0 || connect(two, (struct sockaddr *)&a, len) < 0) {
        return 4;
    }
    return if_nametoindex("lo") == 1 && if_nametoindex("eth0") == 0 ? 0 : 5;
}

static int in_namespaces(bool own_network, int (*f)(void))
{
    struct err e = {0};
    pid_t pid = ns_fork(own_network, &e);

    if (pid == 0) {
        _exit(f());
    }
    if (pid < 0) {
        return e.kind == ERR_REFUSED ? FORBIDDEN : 98;
    }
    return status_of(pid);
}

/* Runs in a child in a new control group. Returns 0 if the child sees its group as the root. */
static int sees_group_as_root(void)
{
    static char text[4096];
    FILE *f;
    size_t len;

    if (ns_own_groups(&(struct err){0}) < 0) {
        return 2;
    }
    f = fopen("/proc/self/cgroup", "re");
    len = f == NULL ? 0 : fread(text, 1, sizeof(text) - 1, f);
    if (f != NULL) {
        (void)fclose(f);
    }
    text[len] = '\0';
    return strstr(text, "0::/\n") != NULL ? 0 : 3;
}

static void child_starts_in_a_group(void)
{
    static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    char path[64] = "";
    struct err e = {0};
    bool inside = false;
    int status = -1;
    pid_t pid;

    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && path[0] == '\0'; i++) {
        char file[64];

        (void)snprintf(file, sizeof(file), "%s/cgroup.procs", roots[i]);
        (void)snprintf(path, sizeof(path), "%s/cco-test-%d", roots[i], (int)getpid());
        if (access(file, W_OK) < 0 || mkdir(path, 0755) < 0) {
            path[0] = '\0';
        }
    }
    if (path[0] == '\0') {
        ok(true, "a child in a control group # SKIP no group can be made");
        return;
    }
    pid = ns_fork_in(path, true, &inside, &e);
    if (pid == 0) {
        _exit(sees_group_as_root());
    }
    status = status_of(pid);
    ok(inside, "the child starts in the group");
    is_int(status, 0, "the child sees the group as the root");
    is_int(rmdir(path), 0, "the group is empty after the child has ended");
    ok(ns_fork_in(path, false, &inside, &e) < 0 && strstr(e.text, path) != NULL && !inside,
       "a missing group is an error");
}

int main(void)
{
    int got;

    uid = getuid();
    gid = getgid();
    got = in_namespaces(false, child_is_process_1);
    if (got == FORBIDDEN) {
        ok(true, "new namespaces # SKIP they are not allowed here");
        return done_testing();
    }
    is_int(got, 0, "the child is process 1 and has the same uid and gid");
    is_int(in_namespaces(false, maps_are_written_once), 0, "maps cannot be written twice");
    is_int(in_namespaces(false, other_uid_cannot_be_mapped), 0, "another uid cannot be mapped");
    is_int(in_namespaces(true, loopback_comes_up), 0,
           "the new network has only the loopback device");
    child_starts_in_a_group();
    return done_testing();
}
