/* SPDX-License-Identifier: MIT */
/* Landlock: restricts what a process may use in the file tree. The kernel enforces it inside
 * and outside of namespaces. In a sandbox with namespaces it repeats what the mounts allow; in
 * a sandbox with Landlock only it is the only limit on files. All Landlock ABIs from 1 on are
 * supported. A right that the kernel's ABI does not have is left out, and a right that an ABI
 * after 7 adds is not restricted. landlock(7),
 * https://docs.kernel.org/userspace-api/landlock.html. */
#ifndef CONFINE_LANDLOCK_H
#define CONFINE_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* The rights that a grant gives to a file, or to a directory and everything below it. Grants
 * only add up: a grant below another one cannot take a right away. No grant allows making a
 * device node. */
enum landlock_grant {
    LANDLOCK_NONE,  /* no right */
    LANDLOCK_READ,  /* read and execute files, list directories */
    LANDLOCK_WRITE, /* LANDLOCK_READ, and write, truncate, create, remove, link and rename */
    /* LANDLOCK_READ, and write and truncate the files that exist (such as devices), and every
     * ioctl(2) on devices. Nothing can be created or removed. */
    LANDLOCK_DEVICE,
    LANDLOCK_LIST /* only list directories: for a directory that contains hidden entries */
};

/* One grant. */
struct landlock_path {
    const char *path; /* absolute; borrowed */
    /* Not LANDLOCK_NONE, and LANDLOCK_LIST only for a directory: landlock_apply() fails with
     * ENOMSG if the path gets no right. */
    enum landlock_grant grant;
    /* true: landlock_apply() skips the path if it is missing or cannot be reached. false: that
     * is an error. */
    bool optional;
};

/* ABI versions that callers compare with. */
enum {
    LANDLOCK_ABI_TRUNCATE = 3, /* the first ABI that controls the truncation of files */
    /* The first ABI that also protects processes outside of the sandbox: it prevents signals to
     * them and connections to their abstract unix sockets. */
    LANDLOCK_ABI_SCOPE = 6
};

/* Returns the kernel's Landlock ABI, which is at least 1. Returns 0 if there is no usable
 * Landlock: the kernel lacks it, it is disabled, or a system-call filter around cco refuses the
 * call. Changes nothing. */
int landlock_abi(void);

/* Writes a grant as text for the boot file: a letter for the grant ('r', 'w', 'd', 'l'; in
 * upper case if the path is optional), directly followed by the path. Returns the text, which
 * lives in the arena. `p->grant` must not be LANDLOCK_NONE. Pure. */
char *landlock_print(const struct landlock_path *p, struct arena *a);

/* Parses a text of landlock_print() into *out; out->path points into `text`. Returns 0 on
 * success and -1 on error: ERR_FORMAT if the letter is unknown or the path is not absolute.
 * After an error, *out is unchanged. Pure. */
int landlock_parse(const char *text, struct landlock_path *out, struct err *e);

/* Returns the kernel's bits (LANDLOCK_ACCESS_FS_*) of a grant, as far as this ABI has them.
 * `is_dir`: the bits are for a directory, otherwise for a file, for which the kernel refuses
 * the rights of directories. Returns 0 if `abi` is 0. Pure. */
uint64_t landlock_bits(enum landlock_grant grant, int abi, bool is_dir);

/* Returns all bits for files and directories (LANDLOCK_ACCESS_FS_*) that this ABI has.
 * landlock_apply() takes all of them away wherever no path grants them. Returns 0 if `abi` is
 * 0. Pure. */
uint64_t landlock_handled(int abi);

/* Restricts the calling thread and its later children, for good, to the `count` grants in
 * `paths`. It opens the paths and follows symbolic links in them, and keeps no pointer to them.
 * no_new_privs must be set (PR_SET_NO_NEW_PRIVS). The restriction comes on top of those that
 * the thread has already.
 *
 * From ABI 6 on, connections to abstract unix sockets of processes outside and signals to such
 * processes are refused as well. If `count` is 0, that is the only effect: the use of files is
 * not restricted, and before ABI 6 nothing is.
 *
 * Writes the kernel's ABI to *abi, and 0 if no usable Landlock exists. Returns 0 on success,
 * also if *abi is 0 and nothing is restricted: the caller must look at *abi. Returns -1 on
 * error (ERR_SYS), and the thread is not restricted. e->errnum is ENOENT if a path that is not
 * optional is missing. Blocks only as file systems do while paths are opened. */
int landlock_apply(const struct landlock_path *paths, size_t count, int *abi, struct err *e);

#endif
