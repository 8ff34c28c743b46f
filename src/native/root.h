/* SPDX-License-Identifier: MIT */
/* Carries a layout out: builds the new root on a tmpfs and unmounts the old one. The caller is
 * in a new mount namespace, may mount in it, and nothing of the sandbox runs yet.
 * pivot_root(2), mount_namespaces(7). */
#ifndef NATIVE_ROOT_H
#define NATIVE_ROOT_H

#include "native/layout.h"
#include "native/tree.h"

/* Makes the layout the root of this process. Afterwards "/" is the new root, read-only itself,
 * and the old root can be reached through open descriptors only. `ready` comes from
 * root_open_idmapped() and stays the caller's; NULL if no step is TREE_IDMAPPED. by_name: as
 * for tree_open(). Returns 0 on success and -1 on error; only optional steps are left out. */
int root_build(const struct layout *l, const struct tree *ready, bool by_name, struct err *e);

/* To be called before the namespaces are made: opens the trees of the steps that are
 * TREE_IDMAPPED. `ready` has an entry for each step; the entries of the others are closed.
 * idmap: of idmap_open(). Returns 0 on success and -1 on error. */
int root_open_idmapped(const struct layout *l, int idmap, struct tree *ready, struct err *e);
void root_close(const struct layout *l, struct tree *ready);

#endif
