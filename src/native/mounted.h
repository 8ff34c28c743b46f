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

/* Finds the mounts at `path` and below it in a mount table, in the order of the table. If
 * several mounts cover each other, only the last one counts. The paths have no escapes and live
 * in the arena. Returns 0 on success and -1 on error: ERR_FORMAT if a line has another form.
 * Pure. */
int mounted_below(struct str table, const char *path, struct arena *a, struct mounted **out,
                  size_t *count, struct err *e);

/* Returns a path of the table with its escapes, such as "\040", replaced. Pure. */
const char *mounted_unescape(struct str s, struct arena *a);

/* Adds flags (MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC) to every mount at `path` and below it.
 * Returns 0 on success and -1 on error. mount(2), MS_REMOUNT | MS_BIND. */
int mounted_restrict(const char *path, unsigned long flags, struct err *e);

#endif
