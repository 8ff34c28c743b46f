/* SPDX-License-Identifier: MIT */
#include "native/native_probe.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "confine/landlock.h"
#include "confine/seccomp.h"
#include "native/cgroup.h"
#include "native/layout.h"
#include "native/ns.h"
#include "native/root.h"
#include "native/tree.h"
#include "native/userns_error.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_TRIED = 0, TEXT_MAX = 256 << 10 };

#define YAMA "/proc/sys/kernel/yama/ptrace_scope"

/* The smallest root that has all that can be forbidden. */
static void try_in_child(bool own_network, uid_t uid, gid_t gid, struct err *e)
{
    struct step steps[] = {
        {.kind = STEP_PROC, .path = "/proc", .flags = TREE_NOEXEC, .why = "tried"},
        {.kind = STEP_MEMORY, .path = "/tmp", .mode = 0700, .why = "tried"},
    };
    const struct layout l = {.steps = steps, .count = sizeof(steps) / sizeof(steps[0])};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* the maps are root's otherwise */
    if (ns_map_self(uid, gid, e) == 0 && (!own_network || ns_loopback(e) == 0)) {
        (void)root_build(&l, NULL, !tree_has_api(), e);
    }
}

int native_probe_namespaces(bool own_network, struct err *e)
{
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    int fds[2] = {-1, -1};
    struct err theirs = {0};
    int rc = -1;
    pid_t pid;

    if (fd_pipe(fds, e) < 0) {
        return -1;
    }
    pid = ns_fork(own_network, e);
    if (pid == 0) {
        try_in_child(own_network, uid, gid, &theirs);
        (void)fd_write(fds[1], &theirs, sizeof(theirs));
        _exit(EXIT_TRIED);
    }
    fd_close(&fds[1]);
    if (pid > 0) {
        if (fd_read(fds[0], &theirs, sizeof(theirs)) != (ssize_t)sizeof(theirs)) {
            (void)err_set(e, ERR_EOF, "the sandbox's first process ended");
        } else if (theirs.kind != ERR_NONE) {
            *e = theirs;
        } else {
            rc = 0;
        }
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    fd_close(&fds[0]);
    return rc;
}

static void fallen(struct confinement *w, const struct err *e, struct arena *a)
{
    struct userns_error r = {.why = arena_strdup(a, e->text)};

    if (e->kind == ERR_REFUSED && e->code != USERNS_ERROR_NONE) {
        userns_error_explain(e, "", a, &r);
    }
    w->works = false;
    w->text = r.why;
    w->next = r.next;
}

static void look_at_namespaces(struct native_probe *p, struct arena *a)
{
    struct confinement *w = p->confinement;
    struct err network = {0};

    w[CONFINEMENT_NAMESPACES] =
        (struct confinement){"namespaces", true, "a file tree of its own", NULL};
    w[CONFINEMENT_PROCESSES] =
        (struct confinement){"processes", true, "processes of its own", NULL};
    w[CONFINEMENT_NETWORK] =
        (struct confinement){"network", true, "a network of its own, if asked for", NULL};
    if (native_probe_namespaces(false, &p->namespaces) < 0) {
        if (p->namespaces.kind != ERR_REFUSED || p->namespaces.code != USERNS_ERROR_PROC) {
            fallen(&w[CONFINEMENT_NAMESPACES], &p->namespaces, a);
        }
        fallen(&w[CONFINEMENT_PROCESSES], &p->namespaces, a);
        fallen(&w[CONFINEMENT_NETWORK], &p->namespaces, a);
    } else if (native_probe_namespaces(true, &network) < 0) {
        fallen(&w[CONFINEMENT_NETWORK], &network, a);
    }
}

static void look_at_landlock(struct confinement *w, struct arena *a)
{
    const int abi = landlock_abi();

    *w = (struct confinement){"landlock", abi > 0, NULL, NULL};
    if (abi > 0) {
        w->text = arena_printf(a, "Landlock ABI %d%s", abi,
                               abi < LANDLOCK_ABI_SCOPE ? ", which does not see signals" : "");
    } else {
        w->text = "this kernel has no Landlock, or a filter hides it";
        w->next = "add landlock to the kernel's lsm= parameter (Linux 5.13)";
    }
}

static void look_at_limits(struct confinement *confinement, struct arena *a)
{
    static const struct {
        enum confinement_name at;
        const char *name;
        unsigned limit;
        const char *text;
    } kinds[] = {
        {CONFINEMENT_MEMORY, "memory", CGROUP_MEMORY, "--memory limits it"},
        {CONFINEMENT_CPUS, "cpus", CGROUP_CPU, "--cpus limits them"},
        {CONFINEMENT_PIDS, "pids", CGROUP_PIDS, "the number of processes has a limit"}};
    struct cgroup_place place = {0};

    cgroup_find("", a, &place);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const bool can = (place.can & kinds[i].limit) != 0;

        confinement[kinds[i].at] = (struct confinement){
            kinds[i].name, can,
            can                 ? kinds[i].text
            : place.why != NULL ? arena_printf(a, "no limit: %s", place.why)
                                : "no limit: no control group is the user's",
            can || geteuid() == 0 ? NULL : "systemd-run --user --scope -p Delegate=yes cco"};
    }
}

/* A line of /etc/subuid, NAME:FIRST:COUNT. */
static bool has_range(const char *file, const char *user)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};
    bool found = false;

    buf_init(&text, TEXT_MAX);
    if (file_read(file, &text, &ignored) == 0) {
        rest = buf_str(&text);
        while (rest.len > 0 && !found) {
            struct str name = {0};

            (void)str_cut(&rest, '\n', &line);
            (void)str_cut(&line, ':', &name);
            found = str_eq_c(name, user);
        }
    }
    buf_release(&text);
    return found;
}

static void look_at_subids(struct confinement *w, const char *user)
{
    const bool programs =
        access("/usr/bin/newuidmap", X_OK) == 0 && access("/usr/bin/newgidmap", X_OK) == 0;

    *w = (struct confinement){"subids", false, NULL, NULL};
    if (!programs) {
        w->text = "no newuidmap: files in the sandbox have one owner";
        w->next = "apt-get install uidmap";
    } else if (user == NULL || !has_range("/etc/subuid", user) ||
               !has_range("/etc/subgid", user)) {
        w->text = "no range of numbers in /etc/subuid: files in the sandbox have one owner";
        w->next = "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER";
    } else {
        w->works = true;
        w->text = "more numbers of users, if asked for";
    }
}

static void look_at_yama(struct confinement *w)
{
    struct err ignored = {0};
    struct buf text;
    uint64_t scope = 0;

    buf_init(&text, TEXT_MAX);
    if (file_read(YAMA, &text, &ignored) == 0) {
        (void)str_u64(str_trim(buf_str(&text)), 10, UINT64_MAX, &scope);
    }
    buf_release(&text);
    *w = (struct confinement){"yama", scope > 0,
                              scope > 0 ? "programs of this machine trace their children only"
                                        : "programs of this machine may trace one another",
                              NULL};
}

void native_probe_run(const char *user, struct arena *a, struct native_probe *out)
{
    struct confinement *w = out->confinement;
    const bool filter = seccomp_is_there();
    const bool mounts = tree_has_api();

    *out = (struct native_probe){.kind = PROBE_FULL};
    look_at_namespaces(out, a);
    look_at_landlock(&w[CONFINEMENT_LANDLOCK], a);
    w[CONFINEMENT_FILTER] = (struct confinement){
        "filter", filter,
        filter ? "a filter of system calls" : "this kernel takes no filters of system calls",
        NULL};
    w[CONFINEMENT_MOUNTS] =
        (struct confinement){"mount_api", mounts,
                             mounts ? "whole trees are made read-only at once"
                                    : "this kernel has no mount API: mounts are made "
                                      "read-only one by one (Linux 5.12 has it)",
                             NULL};
    look_at_limits(w, a);
    look_at_subids(&w[CONFINEMENT_SUBIDS], user);
    look_at_yama(&w[CONFINEMENT_YAMA]);
    if (filter && out->namespaces.kind == ERR_REFUSED) {
        out->kind = w[CONFINEMENT_LANDLOCK].works ? PROBE_LANDLOCK_ONLY : PROBE_NONE;
    } else if (!filter || out->namespaces.kind != ERR_NONE) {
        out->kind = PROBE_NONE;
    }
}
