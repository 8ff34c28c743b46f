/* SPDX-License-Identifier: MIT */
/* Mounts in which every owner is nobody, for a cco that root runs: the sandbox has root's id,
 * and would own all files that only root may read. In such a mount it can read only what
 * everybody may read, also of files that are made later. mount_setattr(2), MOUNT_ATTR_IDMAP:
 * Linux 5.12, and a file system that supports it. */
#ifndef NATIVE_IDMAP_H
#define NATIVE_IDMAP_H

#include "base/err.h"

/* Makes a user namespace in which every id is nobody. Returns its descriptor, which the caller
 * closes, and -1 on error: ERR_REFUSED if this machine does not support it. For root only. */
int idmap_open(struct err *e);

/* Returns 1 if the tree at `path`, with everything that is mounted below it, can be mounted
 * with `idmap`; 0 if it cannot, or if `idmap` is -1; and -1 on error. Mounts nothing that
 * stays. */
int idmap_works(int idmap, const char *path, struct err *e);

#endif
