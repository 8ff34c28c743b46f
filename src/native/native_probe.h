/* SPDX-License-Identifier: MIT */
/* Which walls stand on this machine, for this user: each is put up once, in a child that ends. Nothing is left of it. */
#ifndef NATIVE_NATIVE_PROBE_H
#define NATIVE_NATIVE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum confinement_name {
    CONFINEMENT_NAMESPACES, /* a file tree of the sandbox's own: user and mount namespace, with a mount in it */
    CONFINEMENT_PROCESSES, /* its processes alone in /proc: pid namespace */
    CONFINEMENT_NETWORK,   /* --network none: network namespace */
    CONFINEMENT_LANDLOCK,
    CONFINEMENT_FILTER, /* of system calls: seccomp */
    CONFINEMENT_MOUNTS, /* the mount API: all of a tree is read-only before anybody sees it (Linux 5.12) */
    CONFINEMENT_MEMORY, /* limits: control groups of the user's own */
    CONFINEMENT_CPUS,
    CONFINEMENT_PIDS,
    CONFINEMENT_SUBIDS, /* newuidmap, newgidmap and a range of the user's, for --subids */
    CONFINEMENT_YAMA,   /* no tracing but of one's own children, on the whole machine */
    CONFINEMENT_COUNT
};

struct confinement {
    const char *name; /* "namespaces" */
    bool works;
    const char
        *text; /* what it is, for people: "Landlock ABI 7"; without what does not stand: why */
    const char *next; /* what would let it stand; NULL: nothing is known */
};

/* What a session would be. */
enum native_probe_kind {
    PROBE_FULL,
    PROBE_LANDLOCK_ONLY, /* namespaces are forbidden: Landlock and the filter alone */
    PROBE_NONE           /* nothing can be made */
};

struct native_probe {
    enum native_probe_kind kind;
    struct confinement confinement[CONFINEMENT_COUNT];
    struct err namespaces; /* why they do not stand: as of native_start(); ERR_NONE: they do */
};

/* Tries them all; blocks for some milliseconds. Strings are static or live in the arena. */
void native_probe_run(const char *user, struct arena *a, struct native_probe *out);

/* Namespaces alone, as a session has them: 0, or -1 with an error as of native_start(). */
int native_probe_namespaces(bool own_network, struct err *e);

#endif
