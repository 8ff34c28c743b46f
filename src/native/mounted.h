/* SPDX-License-Identifier: MIT */
/* The mount table, for kernels without mount_setattr(2): proc_pid_mountinfo(5). */
#ifndef NATIVE_MOUNTED_H
#define NATIVE_MOUNTED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* One mount: where it is, and its own flags (MS_*). */
struct mounted {
    const char *path;
    unsigned long flags;
};

/* The mounts at `path` and below, in the order of the table, of those that are on top of one another the last only. Paths
 * are as they are, without the table's escapes. Pure. ERR_FORMAT for a line of another form. */
int mounted_below(struct str table, const char *path, struct arena *a, struct mounted **out,
                  size_t *count, struct err *e);

/* A path of the table, without its escapes ("\040" and its like). Pure. */
const char *mounted_unescape(struct str s, struct arena *a);

/* Gives them these flags as well: MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC. mount(2), MS_REMOUNT | MS_BIND. */
int mounted_restrict(const char *path, unsigned long flags, struct err *e);

#endif
