/* SPDX-License-Identifier: MIT */
/* Carries out a layout: builds the new root on a tmpfs, makes it the root of the process, and
 * unmounts the old root. The caller is the sandbox's first process, in a new mount namespace in
 * which it may mount; nothing of the sandbox runs yet. pivot_root(2), mount_namespaces(7). */
#ifndef NATIVE_ROOT_H
#define NATIVE_ROOT_H

#include "native/layout.h"
#include "native/tree.h"

/* Makes the layout the root of this process. Afterwards "/" is the new root, which is read-only
 * itself, and the old root can be reached only through descriptors that are open already.
 *
 * `ready` is an array of root_open_idmapped() and stays the caller's. It may be NULL if no step
 * has TREE_IDMAPPED. `by_name` is the opposite of tree_has_api(). Returns 0 on success and -1
 * on error: ERR_REFUSED with the code USERNS_ERROR_MOUNT or USERNS_ERROR_PROC if a security
 * module, a filter or a container around cco forbids the first mount or a new /proc. A step is
 * left out without an error only if native/layout.h says so. After an error, the mount
 * namespace is half built and the process must end. Aborts if memory is out. Blocks only as
 * file systems do. */
int root_build(const struct layout *l, const struct tree *ready, bool by_name, struct err *e);

/* Opens the trees of all steps with TREE_IDMAPPED. To be called in the host's namespaces,
 * before the process for root_build() is forked, because the kernel allows id-mapped mounts
 * only there. `idmap` is a descriptor of idmap_open(). `ready` has room for l->count trees, one
 * for each step; the trees of the other steps are closed ones. Returns 0 on success and -1 on
 * error; all trees are closed then. */
int root_open_idmapped(const struct layout *l, int idmap, struct tree *ready, struct err *e);

/* Closes the l->count trees of root_open_idmapped(). A second call does nothing. */
void root_close(const struct layout *l, struct tree *ready);

#endif
