/* SPDX-License-Identifier: MIT */
/* The mount table, and the attributes of the mounts in it, for kernels without
 * mount_setattr(2). proc_pid_mountinfo(5). */
#ifndef NATIVE_MOUNTED_H
#define NATIVE_MOUNTED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* One mount. */
struct mounted {
    const char *path; /* its mountpoint, absolute */
    unsigned long
        flags; /* its own attributes, as MS_* of mount(2); unknown ones are left out */
};

/* Finds the mounts at `path` (absolute and clean) and below it in `table`, the text of a
 * mountinfo file. Writes them to *out, in the arena, and their number to *count. They are in
 * the order of the table; of several mounts at the same path, *out has only the last one, which
 * covers the others. Returns 0 on success and -1 on error: ERR_FORMAT if a line of the table
 * has another form. After an error, *out must not be used. Pure. */
int mounted_below(struct str table, const char *path, struct arena *a, struct mounted **out,
                  size_t *count, struct err *e);

/* Returns a copy of `s`, a path of the table, in the arena, with the escapes of the kernel
 * (such as "\040" for a blank) replaced by the bytes that they stand for. A backslash that does
 * not begin an escape is copied. Pure. */
const char *mounted_unescape(struct str s, struct arena *a);

/* Adds `flags` (MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC) to the attributes of every mount at
 * `path` and below it. Their other attributes stay. A mount below `path` that this user may not
 * enter is left out. Returns 0 on success and -1 on error: ERR_NOT_FOUND if `path` is not a
 * mountpoint. After an error, only some of the mounts may have the attributes. mount(2),
 * MS_REMOUNT | MS_BIND. */
int mounted_restrict(const char *path, unsigned long flags, struct err *e);

#endif
