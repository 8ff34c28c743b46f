/* SPDX-License-Identifier: MIT */
/* Id-mapped mounts in which the owner of every file is nobody (65534). They are used only if
 * root runs cco: the sandbox then has root's uid, and would own the files that only root may
 * read. In such a mount the sandbox can read only what everybody may read. This holds also for
 * files that the host makes later. mount_setattr(2), MOUNT_ATTR_IDMAP: Linux 5.12, and a file
 * system that supports it. */
#ifndef NATIVE_IDMAP_H
#define NATIVE_IDMAP_H

#include "base/err.h"

/* Makes a user namespace that maps every id to nobody, for tree_open_idmapped(). It uses a
 * child process, which has ended when this function returns. The caller must be root. Returns
 * the descriptor of the namespace, which the caller closes, and -1 on error: ERR_REFUSED if
 * this machine does not support it, ERR_SYS for other failures. */
int idmap_open(struct err *e);

/* Tries whether the tree at `path`, with everything that is mounted below it, can be mounted
 * with `idmap`, a descriptor of idmap_open(). The mount is not attached anywhere and does not
 * remain. Returns 1 if it can be mounted; 0 if the kernel or the file system does not support
 * it, if `path` does not exist, or if `idmap` is -1; -1 on any other error. */
int idmap_works(int idmap, const char *path, struct err *e);

#endif
