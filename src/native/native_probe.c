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
#include "native/subids.h"
#include "native/tree.h"
#include "native/userns_error.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DELEGATE "systemd-run --user --scope -p Delegate=yes cco"
#define YAMA "/proc/sys/kernel/yama/ptrace_scope"

/* Builds the smallest root that needs every operation that a machine may refuse. */
static void try_in_child(bool own_network, uid_t uid, gid_t gid, struct err *e)
{
    struct step steps[] = {
        {.kind = STEP_PROC, .path = "/proc", .flags = TREE_NOEXEC, .why = "tried"},
        {.kind = STEP_MEMORY, .path = "/tmp", .mode = 0700, .why = "tried"},
    };
    const struct layout l = {.steps = steps, .count = sizeof(steps) / sizeof(steps[0])};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* otherwise uid_map and gid_map belong to root */
    if (ns_map_self(uid, gid, e) == 0 && (!own_network || ns_loopback(e) == 0)) {
        (void)root_build(&l, NULL, !tree_has_api(), e);
    }
}

int native_probe_namespaces(bool own_network, struct err *e)
{
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    int fds[2] = {-1, -1};
    struct err child_err = {0};
    int rc = -1;
    pid_t pid;

    if (fd_pipe(fds, e) < 0) {
        return -1;
    }
    pid = ns_fork(own_network, e);
    if (pid == 0) {
        try_in_child(own_network, uid, gid, &child_err);
        (void)fd_write(fds[1], &child_err, sizeof(child_err));
        _exit(0);
    }
    fd_close(&fds[1]);
    if (pid > 0) {
        if (fd_read(fds[0], &child_err, sizeof(child_err)) != (ssize_t)sizeof(child_err)) {
            (void)err_set(e, ERR_EOF, "the sandbox's first process ended");
        } else if (child_err.kind != ERR_NONE) {
            *e = child_err;
        } else {
            rc = 0;
        }
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    fd_close(&fds[0]);
    return rc;
}

/* For the user, for each part: what it gives, why it may be missing, and advice. NULL means
 * that the text depends on the machine; the function that probes the part then makes it. */
static const struct text {
    const char *name, *works, *missing, *advice;
} texts[CONFINEMENT_COUNT] = {
    [CONFINEMENT_NAMESPACES] = {"namespaces", "a file tree of its own", NULL, NULL},
    [CONFINEMENT_PROCESSES] = {"processes", "processes of its own", NULL, NULL},
    [CONFINEMENT_NETWORK] = {"network", "a network of its own, if asked for", NULL, NULL},
    [CONFINEMENT_LANDLOCK] = {"landlock", NULL,
                              "this kernel has no Landlock, or a filter hides it",
                              "add landlock to the kernel's lsm= parameter (Linux 5.13)"},
    [CONFINEMENT_FILTER] = {"filter", "a filter of system calls",
                            "this kernel does not accept filters of system calls", NULL},
    [CONFINEMENT_MOUNTS] = {"mount_api", "whole trees are made read-only at once",
                            "this kernel has no mount API: mounts are made read-only one by "
                            "one (Linux 5.12 has it)",
                            NULL},
    [CONFINEMENT_MEMORY] = {"memory", "--memory limits it", NULL, DELEGATE},
    [CONFINEMENT_CPUS] = {"cpus", "--cpus limits them", NULL, DELEGATE},
    [CONFINEMENT_PIDS] = {"pids", "the number of processes has a limit", NULL, DELEGATE},
    [CONFINEMENT_SUBIDS] =
        {"subids", "more user and group ids, if asked for",
         "no range of ids for this user in /etc/subuid and /etc/subgid: files in "
         "the sandbox have one owner",
         "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
         "$USER"},
    [CONFINEMENT_YAMA] = {"yama", "programs of this machine may trace only their children",
                          "programs of this machine may trace one another", NULL},
};

/* Returns the part with the texts of the table. */
static struct confinement found(enum confinement_name which, bool works)
{
    const struct text *t = &texts[which];

    return (struct confinement){t->name, works, works ? t->works : t->missing,
                                works ? NULL : t->advice};
}

/* Returns the part as missing, with a reason from an error. */
static struct confinement not_found(enum confinement_name which, const struct err *e,
                                    struct arena *a)
{
    struct userns_error r = {.why = arena_strdup(a, e->text)};

    if (e->kind == ERR_REFUSED && e->code != USERNS_ERROR_NONE) {
        userns_error_explain(e, "", a, &r);
    }
    return (struct confinement){texts[which].name, false, r.why, r.next};
}

static void probe_namespaces(struct native_probe *p, struct arena *a)
{
    struct confinement *c = p->confinement;
    struct err network = {0};

    for (enum confinement_name i = CONFINEMENT_NAMESPACES; i <= CONFINEMENT_NETWORK; i++) {
        c[i] = found(i, true);
    }
    if (native_probe_namespaces(false, &p->namespaces) < 0) {
        if (p->namespaces.kind != ERR_REFUSED || p->namespaces.code != USERNS_ERROR_PROC) {
            c[CONFINEMENT_NAMESPACES] = not_found(CONFINEMENT_NAMESPACES, &p->namespaces, a);
        }
        c[CONFINEMENT_PROCESSES] = not_found(CONFINEMENT_PROCESSES, &p->namespaces, a);
        c[CONFINEMENT_NETWORK] = not_found(CONFINEMENT_NETWORK, &p->namespaces, a);
    } else if (native_probe_namespaces(true, &network) < 0) {
        c[CONFINEMENT_NETWORK] = not_found(CONFINEMENT_NETWORK, &network, a);
    }
}

static struct confinement probe_landlock(struct arena *a)
{
    const int abi = landlock_abi();
    struct confinement c = found(CONFINEMENT_LANDLOCK, abi > 0);

    if (abi > 0) {
        c.text =
            arena_printf(a, "Landlock ABI %d%s", abi,
                         abi < LANDLOCK_ABI_SCOPE ? ", which does not control signals" : "");
    }
    return c;
}

static void probe_limits(struct confinement *confinement, struct arena *a)
{
    static const struct {
        enum confinement_name which;
        unsigned limit;
    } limits[] = {{CONFINEMENT_MEMORY, CGROUP_MEMORY},
                  {CONFINEMENT_CPUS, CGROUP_CPU},
                  {CONFINEMENT_PIDS, CGROUP_PIDS}};
    struct cgroup_place place = {0};

    cgroup_find("", a, &place);
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct confinement *c = &confinement[limits[i].which];

        *c = found(limits[i].which, (place.can & limits[i].limit) != 0);
        if (!c->works) {
            c->text = place.why != NULL
                          ? arena_printf(a, "no limit: %s", place.why)
                          : "no limit: no control group is delegated to this user";
            c->next = geteuid() == 0 ? NULL : c->next;
        }
    }
}

static struct confinement probe_subids(const char *user, struct arena *a)
{
    struct facts f = {.user = user != NULL ? user : "", .uid = geteuid(), .gid = getegid()};

    subids_find("", a, &f);
    if (f.native.newuidmap == NULL || f.native.newgidmap == NULL) {
        return (struct confinement){
            texts[CONFINEMENT_SUBIDS].name, false,
            "newuidmap is not installed: files in the sandbox have one owner",
            "apt-get install uidmap"};
    }
    return found(CONFINEMENT_SUBIDS, f.native.subuid_count > 0 && f.native.subgid_count > 0);
}

static struct confinement probe_yama(struct arena *a)
{
    const char *text = file_first_line(a, YAMA);
    uint64_t scope = 0;

    return found(CONFINEMENT_YAMA,
                 text != NULL && str_u64(str_c(text), 10, UINT64_MAX, &scope) && scope > 0);
}

void native_probe_run(const char *user, struct arena *a, struct native_probe *out)
{
    struct confinement *c = out->confinement;
    const bool has_filter = seccomp_is_available();

    *out = (struct native_probe){.kind = PROBE_FULL};
    probe_namespaces(out, a);
    c[CONFINEMENT_LANDLOCK] = probe_landlock(a);
    c[CONFINEMENT_FILTER] = found(CONFINEMENT_FILTER, has_filter);
    c[CONFINEMENT_MOUNTS] = found(CONFINEMENT_MOUNTS, tree_has_api());
    probe_limits(c, a);
    c[CONFINEMENT_SUBIDS] = probe_subids(user, a);
    c[CONFINEMENT_YAMA] = probe_yama(a);
    if (has_filter && out->namespaces.kind == ERR_REFUSED) {
        out->kind = c[CONFINEMENT_LANDLOCK].works ? PROBE_LANDLOCK_ONLY : PROBE_NONE;
    } else if (!has_filter || out->namespaces.kind != ERR_NONE) {
        out->kind = PROBE_NONE;
    }
}
