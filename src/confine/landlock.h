/* SPDX-License-Identifier: MIT */
/* Landlock: the kernel's own list of what a process may reach in the file tree, whatever namespaces it is in; the second
 * wall behind the mounts, and the first where there can be none. Best effort: each ABI from 1 on, with what it knows.
 * landlock(7), https://docs.kernel.org/userspace-api/landlock.html. */
#ifndef CONFINE_LANDLOCK_H
#define CONFINE_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* What may be done below a path, or with a file. */
enum landlock_grant {
    LANDLOCK_NONE,   /* nothing: the path needs no rule */
    LANDLOCK_READ,   /* read, list, run */
    LANDLOCK_WRITE,  /* and write, make, remove, rename */
    LANDLOCK_DEVICE, /* read, write, and every ioctl of the devices there */
    LANDLOCK_LIST    /* only list directories: of one in which not everything may be reached */
};

struct landlock_path {
    const char *path;
    enum landlock_grant grant;
    bool optional; /* it may be missing */
};

/* What it shuts off besides files, from ABI 6 on: abstract unix sockets and signals of processes outside. */

/* The first ABI that sees files being cut short. */
enum { LANDLOCK_ABI_TRUNCATE = 3, LANDLOCK_ABI_SCOPE = 6 };

/* The kernel's ABI; 0: there is none, or it is switched off. */
int landlock_abi(void);

/* Writes a grant as text, for the boot record: a letter for the grant, in upper case if the path is optional, and the path.
 * The text lives in the arena. `p->grant` must not be LANDLOCK_NONE. Pure. */
char *landlock_print(const struct landlock_path *p, struct arena *a);

/* Reads such a text into *out, whose path points into `text`. Returns 0 on success and -1 on error. ERR_FORMAT means that the
 * letter is unknown or that the path is not absolute; *out is unchanged then. Pure. */
int landlock_parse(const char *text, struct landlock_path *out, struct err *e);

/* What the grant comes to, in the kernel's own bits (LANDLOCK_ACCESS_FS_*), on an ABI; of a file, where `is_dir` is
 * not. Pure. */
uint64_t landlock_bits(enum landlock_grant grant, int abi, bool is_dir);

/* Everything that the ABI can shut off. Pure. */
uint64_t landlock_handled(int abi);

/* Shuts the calling thread, and all that comes of it, out of everything but these paths, which are opened here; with none,
 * the files are as they were, and it is only cut off from others' abstract sockets and from signalling them (ABI 6).
 * no_new_privs must be set. ERR_NOT_FOUND where a path that must be there is missing; ERR_SYS otherwise. With no Landlock in
 * the kernel: 0, and *abi is 0. */
int landlock_apply(const struct landlock_path *paths, size_t count, int *abi, struct err *e);

#endif
