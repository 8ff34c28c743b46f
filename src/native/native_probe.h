/* SPDX-License-Identifier: MIT */
/* Finds out which kinds of confinement this machine allows this user. Namespaces are tried in a
 * child process that ends, and nothing of it remains; the rest is read from the kernel. */
#ifndef NATIVE_NATIVE_PROBE_H
#define NATIVE_NATIVE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/* The parts of the confinement, in the order of `cco info`. */
enum confinement_name {
    /* The sandbox has a file tree of its own: user and mount namespaces, and mounts in them. */
    CONFINEMENT_NAMESPACES,
    CONFINEMENT_PROCESSES, /* /proc has only the sandbox's processes: a pid namespace */
    CONFINEMENT_NETWORK,   /* --network none: a network namespace */
    CONFINEMENT_LANDLOCK,
    CONFINEMENT_FILTER, /* the system-call filter (seccomp) */
    /* The mount API (Linux 5.12): a whole tree is read-only before any process sees it. */
    CONFINEMENT_MOUNTS,
    CONFINEMENT_MEMORY, /* --memory: a control group in which the user can set limits */
    CONFINEMENT_CPUS,   /* --cpus: the same */
    CONFINEMENT_PIDS,   /* a limit on the number of processes: the same */
    CONFINEMENT_SUBIDS, /* --subids: newuidmap, newgidmap, and a range of ids for the user */
    CONFINEMENT_YAMA,   /* on the whole machine, a process may trace only its descendants */
    CONFINEMENT_COUNT
};

/* One part. */
struct confinement {
    const char *name; /* "namespaces": its name in `cco info --json` */
    bool works;       /* this machine allows it */
    const char *text; /* for the user: what it gives, or why it is missing; never NULL */
    /* For the user: a command, or a setting, that makes it work. NULL if it works or if no
     * advice is known. */
    const char *next;
};

/* The kind of native sandbox that this machine allows. */
enum native_probe_kind {
    PROBE_FULL,          /* with namespaces */
    PROBE_LANDLOCK_ONLY, /* namespaces are refused, but Landlock and the filter work */
    /* No native sandbox is possible: there is no filter; or namespaces are refused and there is
     * no Landlock; or trying namespaces failed for a reason that is not a refusal. */
    PROBE_NONE
};

struct native_probe {
    enum native_probe_kind kind;
    struct confinement confinement[CONFINEMENT_COUNT];
    /* The error of native_probe_namespaces(), without a network namespace; ERR_NONE if the
     * namespaces work. */
    struct err namespaces;
};

/* Probes every part. `user` is the name of the user who runs cco, for /etc/subuid; NULL if it
 * is unknown. Always fills *out; its strings are static or live in the arena. Blocks for some
 * milliseconds. */
void native_probe_run(const char *user, struct arena *a, struct native_probe *out);

/* Makes the namespaces that a session has, with a network namespace if `own_network`, and a
 * small root in them, in a child process that ends. Returns 0 if that works and -1 on error:
 * ERR_REFUSED, with the code of enum userns_error_of, if this machine refuses them. Blocks for
 * some milliseconds. */
int native_probe_namespaces(bool own_network, struct err *e);

#endif
