/* SPDX-License-Identifier: MIT */
/* The fixed part of a native sandbox's file tree: the devices, the directories in memory and
 * the paths that the host shares, each with what Landlock allows there and with the reason.
 * This is the only list of them. Both kinds of native sandbox are made from it: native/layout.c
 * mounts the rows in a new root, and native/landlock_only.c, which cannot mount anything, only
 * grants them. What depends on the machine or on the plan (programs, the home, the project) is
 * not here. Pure. landlock(7), mount(2). */
#ifndef CONFINE_FS_TABLE_H
#define CONFINE_FS_TABLE_H

#include <stddef.h>

#include "confine/landlock.h"

/* How a row appears in the new root of a sandbox with namespaces. */
enum fs_form {
    FS_ROOT,      /* the new root itself: nothing is mounted for this row */
    FS_HOST_DIR,  /* the host's directory, read-only; left out if the host does not have it */
    FS_MEMORY,    /* an empty tmpfs */
    FS_DEV,       /* an empty tmpfs in which device nodes work */
    FS_DEVICE,    /* the host's device node */
    FS_PTS,       /* a new devpts */
    FS_PROC,      /* the proc file system of the sandbox's pid namespace */
    FS_LOCK_DIR,  /* a directory of that proc file system, mounted read-only over itself */
    FS_LOCK_FILE, /* the same for a file */
    FS_HIDE_DIR, /* a directory of that proc file system, covered by one that nobody can read */
    FS_HIDE_FILE, /* the same for a file */
    FS_LINK       /* a symbolic link to `target` */
};

struct fs_rule {
    const char *path;
    enum fs_form form;
    unsigned mode;                  /* of FS_MEMORY and FS_DEV */
    const char *target;             /* of FS_LINK; otherwise NULL */
    enum landlock_grant namespaces; /* what Landlock allows behind the mounts */
    enum landlock_grant
        landlock_only; /* what it allows at the host's own path, if that exists */
    const char *why;
};

/* All rows. Each row comes after those that its path lies below. */
const struct fs_rule *fs_rules(size_t *count);

#endif
