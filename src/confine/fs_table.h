/* SPDX-License-Identifier: MIT */
/* The fixed part of a native sandbox's file tree: device nodes, directories in memory (tmpfs),
 * parts of /proc, and directories of the host. Each row of the table states how a path appears
 * in the sandbox, what Landlock grants there, and why. No other list of these paths exists.
 *
 * Both kinds of native sandbox use the table. native/layout.c mounts the rows in a new root.
 * native/landlock_only.c cannot mount anything: it only grants the host's own paths. The paths
 * that depend on the machine or on the plan (programs, the home, the project) are not in the
 * table; the room `native` adds them. Pure. landlock(7), mount(2). */
#ifndef CONFINE_FS_TABLE_H
#define CONFINE_FS_TABLE_H

#include <stddef.h>

#include "confine/landlock.h"

/* How a row appears in the new root of a sandbox with namespaces. A sandbox with Landlock only
 * ignores the form. */
enum fs_form {
    FS_ROOT,      /* the new root itself: nothing is mounted for this row */
    FS_HOST_DIR,  /* the host's directory, read-only; left out if the host does not have it */
    FS_MEMORY,    /* an empty tmpfs */
    FS_DEV,       /* an empty tmpfs in which device nodes work */
    FS_DEVICE,    /* the host's device node */
    FS_PTS,       /* a new devpts */
    FS_PROC,      /* the proc file system of the sandbox's pid namespace */
    FS_LOCK_DIR,  /* a directory of that proc file system, made read-only */
    FS_LOCK_FILE, /* a file of that proc file system, made read-only */
    FS_HIDE_DIR,  /* a directory of that proc file system, under an empty unreadable one */
    FS_HIDE_FILE, /* a file of that proc file system, under a file that cannot be opened */
    FS_LINK       /* a symbolic link to `target` */
};

struct fs_rule {
    const char *path; /* absolute and clean; the same in the sandbox and on the host */
    enum fs_form form;
    unsigned mode;      /* permission bits of FS_MEMORY and FS_DEV; 0 for the other forms */
    const char *target; /* of FS_LINK, may be relative; NULL for the other forms */
    /* The Landlock grant in a sandbox with namespaces. LANDLOCK_NONE: the row adds no grant,
     * and the grants of the directories above `path` apply. */
    enum landlock_grant namespaces;
    /* The Landlock grant for the host's path in a sandbox with Landlock only, if that path
     * exists. LANDLOCK_NONE: the row adds no grant. */
    enum landlock_grant landlock_only;
    const char *why; /* the reason, for readers of the table; never NULL */
};

/* Returns the table and writes the number of its rows to *count. The table is static and
 * constant. Each row comes after the rows of the directories above its path. Cannot fail. */
const struct fs_rule *fs_rules(size_t *count);

#endif
