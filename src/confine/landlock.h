/* SPDX-License-Identifier: MIT */
/* Landlock: the kernel's own list of what a process may use in the file tree, whatever
 * namespaces it is in. It repeats what the mounts allow, and stands alone if there are no
 * mounts. Supports each ABI from 1 on, with the rights that the ABI has. landlock(7),
 * https://docs.kernel.org/userspace-api/landlock.html. */
#ifndef CONFINE_LANDLOCK_H
#define CONFINE_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* What a process may do below a directory, or with a file. */
enum landlock_grant {
    LANDLOCK_NONE,   /* nothing: the path needs no rule */
    LANDLOCK_READ,   /* read, list and execute */
    LANDLOCK_WRITE,  /* also write, create, remove and rename */
    LANDLOCK_DEVICE, /* read, write, and every ioctl of the devices in it */
    LANDLOCK_LIST    /* only list directories: for a directory that contains hidden entries */
};

struct landlock_path {
    const char *path;
    enum landlock_grant grant;
    /* A path that is missing or cannot be reached is no error, and nothing is granted. */
    bool optional;
};

/* The first ABI that controls truncation, and the first that also prevents connections to
 * abstract unix sockets of, and signals to, processes outside. */
enum { LANDLOCK_ABI_TRUNCATE = 3, LANDLOCK_ABI_SCOPE = 6 };

/* Returns the kernel's ABI, and 0 if the kernel has no Landlock or it is disabled. */
int landlock_abi(void);

/* Writes a grant as text, for the boot record: a letter for the grant, in upper case if the
 * path is optional, and the path. The text lives in the arena. `p->grant` must not be
 * LANDLOCK_NONE. Pure. */
char *landlock_print(const struct landlock_path *p, struct arena *a);

/* Reads such a text into *out, whose path points into `text`. Returns 0 on success and -1 on
 * error. ERR_FORMAT means that the letter is unknown or that the path is not absolute; *out is
 * unchanged then. Pure. */
int landlock_parse(const char *text, struct landlock_path *out, struct err *e);

/* Returns the kernel's bits (LANDLOCK_ACCESS_FS_*) for a grant on an ABI, for a directory or a
 * file. Pure. */
uint64_t landlock_bits(enum landlock_grant grant, int abi, bool is_dir);

/* Returns all rights to files that the ABI controls. Pure. */
uint64_t landlock_handled(int abi);

/* Restricts the calling thread and its descendants to these paths, which it opens. With no
 * paths, files stay as they are, and only abstract sockets of other processes and signals to
 * them are refused (ABI 6). no_new_privs must be set. Writes the kernel's ABI to *abi. Returns
 * 0 on success, also if the kernel has no Landlock (*abi is 0 then), and -1 on error, with the
 * thread unrestricted: ERR_SYS with ENOENT in e->errnum if a path that is not optional is
 * missing. */
int landlock_apply(const struct landlock_path *paths, size_t count, int *abi, struct err *e);

#endif
