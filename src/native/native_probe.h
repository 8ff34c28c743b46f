/* SPDX-License-Identifier: MIT */
/* Which kinds of confinement this machine allows this user. Each is tried once, in a child
 * process that ends, and nothing of it remains. */
#ifndef NATIVE_NATIVE_PROBE_H
#define NATIVE_NATIVE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum confinement_name {
    CONFINEMENT_NAMESPACES, /* a file tree of the sandbox's own: user and mount namespaces, and
                               a mount in them */
    CONFINEMENT_PROCESSES,  /* only the sandbox's processes in /proc: a pid namespace */
    CONFINEMENT_NETWORK,    /* --network none: a network namespace */
    CONFINEMENT_LANDLOCK,
    CONFINEMENT_FILTER, /* the system-call filter: seccomp */
    CONFINEMENT_MOUNTS, /* the mount API: a whole tree is read-only before any process sees it
                           (Linux 5.12) */
    CONFINEMENT_MEMORY, /* limits: control groups that the user may write to */
    CONFINEMENT_CPUS,
    CONFINEMENT_PIDS,
    CONFINEMENT_SUBIDS, /* newuidmap, newgidmap and a range of ids for the user, for --subids */
    CONFINEMENT_YAMA,   /* on the whole machine a process may trace only its descendants */
    CONFINEMENT_COUNT
};

struct confinement {
    const char *name; /* "namespaces" */
    bool works;
    const char *text; /* for the user: what it is, "Landlock ABI 7", or why it is missing */
    const char
        *next; /* for the user: how to get it; NULL if it works or if no advice is known */
};

/* The kind of session that this machine allows. */
enum native_probe_kind {
    PROBE_FULL,
    PROBE_LANDLOCK_ONLY, /* namespaces are refused: only Landlock and the filter */
    PROBE_NONE           /* no native sandbox is possible */
};

struct native_probe {
    enum native_probe_kind kind;
    struct confinement confinement[CONFINEMENT_COUNT];
    struct err namespaces; /* why there are no namespaces, as of native_start(); ERR_NONE if
                              there are */
};

/* Probes every confinement for the user of this name. The strings in *out are static or live in
 * the arena. Blocks for some milliseconds. */
void native_probe_run(const char *user, struct arena *a, struct native_probe *out);

/* Makes and ends the namespaces that a session has, with a network namespace if `own_network`.
 * Returns 0 on success and -1 on error, with the errors of native_start(). */
int native_probe_namespaces(bool own_network, struct err *e);

#endif
