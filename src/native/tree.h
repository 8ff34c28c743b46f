/* SPDX-License-Identifier: MIT */
/* One mount: a file or directory tree of the host, or a new file system, with its attributes.
 * With the mount API (open_tree(2), mount_setattr(2), move_mount(2): Linux 5.12) a whole tree
 * is read-only before any process sees it. Older kernels get mount(2) and the mount table. The
 * caller is in a mount namespace of its own whose mounts are private. */
#ifndef NATIVE_TREE_H
#define NATIVE_TREE_H

#include <stdbool.h>

#include "base/err.h"

enum tree_flags {
    TREE_READ_ONLY = 1,
    TREE_NOEXEC = 2,
    TREE_DEVICES =
        4, /* device nodes work in it; without this flag they do not, and setuid never does */
    TREE_IDMAPPED =
        8 /* every owner is nobody (native/idmap.h); opened before the namespaces are made */
};

struct tree {
    int fd; /* of open_tree(2), or an O_PATH descriptor of the source if by_name; -1: closed */
    bool by_name; /* the kernel has no mount API */
    unsigned flags;
};

/* Returns true if this kernel has the whole mount API. */
bool tree_has_api(void);

/* Opens what is at `source`, with everything that is mounted below it. Follows links in the
 * path. by_name is the opposite of tree_has_api(). Returns 0 on success and -1 on error:
 * ERR_NOT_FOUND if `source` does not exist. */
int tree_open(struct tree *t, const char *source, unsigned flags, bool by_name, struct err *e);

/* The same with owners mapped by the user namespace `idmap`, and with private propagation.
 * Needs the mount API and the right to mount in the host's own namespaces. */
int tree_open_idmapped(struct tree *t, const char *source, unsigned flags, int idmap,
                       struct err *e);

/* Mounts the tree with its attributes onto the O_PATH descriptor `place` (native/mountpoint.h),
 * and closes the tree. `path` is for messages. Returns 0 on success and -1 on error. */
int tree_put(struct tree *t, int place, const char *path, struct err *e);

/* Mounts what is at `place` over itself with these attributes. Returns 0 on success and -1 on
 * error. */
int tree_lock(int place, const char *path, unsigned flags, bool by_name, struct err *e);

/* Mounts a new file system onto `place`: "tmpfs", "proc", "devpts", "cgroup2". Returns 0 on
 * success and -1 on error. mount(2). */
int tree_new(const char *type, const char *options, unsigned flags, int place, const char *path,
             struct err *e);

void tree_close(struct tree *t);

#endif
