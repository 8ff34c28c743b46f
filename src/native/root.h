/* SPDX-License-Identifier: MIT */
/* Carries a layout out: a new root on a tmpfs, and away with the old one. In a mount namespace of our own, with the
 * capability to mount in it, before anything of the sandbox runs. pivot_root(2), mount_namespaces(7). */
#ifndef NATIVE_ROOT_H
#define NATIVE_ROOT_H

#include "native/layout.h"

/* After success "/" is the new root, read-only itself, and nothing of the old one can be reached but by descriptors.
 * Nothing that was asked for is left out but what may be: any other failure is one. by_name: as of tree_open(). */
int root_build(const struct layout *l, bool by_name, struct err *e);

#endif
