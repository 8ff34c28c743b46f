/* SPDX-License-Identifier: MIT */
/* Files whose owners are nobody inside, where cco is root: the sandbox has root's number, and so would be the owner of all that
 * only root may read. Mounts that map owners away leave it what everybody may read, of files that come later too.
 * mount_setattr(2), MOUNT_ATTR_IDMAP: Linux 5.12, and a file system that can. */
#ifndef NATIVE_IDMAP_H
#define NATIVE_IDMAP_H

#include "base/err.h"

/* A user namespace in which everybody is nobody: a descriptor, or -1. ERR_REFUSED where there can be none. Root only. */
int idmap_open(struct err *e);

/* Whether what is at `path` can be mounted so, with all that is mounted below: 1; 0 where it cannot; -1 where that could not
 * be found out. */
int idmap_works(int idmap, const char *path, struct err *e);

#endif
