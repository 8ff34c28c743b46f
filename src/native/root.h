/* SPDX-License-Identifier: MIT */
/* Carries a layout out: a new root on a tmpfs, and away with the old one. In a mount namespace of our own, with the
 * capability to mount in it, before anything of the sandbox runs. pivot_root(2), mount_namespaces(7). */
#ifndef NATIVE_ROOT_H
#define NATIVE_ROOT_H

#include "native/layout.h"
#include "native/tree.h"

/* After success "/" is the new root, read-only itself, and nothing of the old one can be reached but by descriptors.
 * Nothing that was asked for is left out but what may be: any other failure is one. by_name: as of tree_open(). ready: of
 * root_open_idmapped(), whose descriptors stay the caller's; NULL where nothing is masked. */
int root_build(const struct layout *l, const struct tree *ready, bool by_name, struct err *e);

/* Before that, and before the namespaces: opens the trees that are TREE_IDMAPPED into `ready`, which has an entry for each
 * step; the others are closed. `mask`: of idmap_open(). */
int root_open_idmapped(const struct layout *l, int idmap, struct tree *ready, struct err *e);
void root_close(const struct layout *l, struct tree *ready);

#endif
