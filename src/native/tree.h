/* SPDX-License-Identifier: MIT */
/* One mount: a file or directory tree of the host, or a new file system, with its attributes.
 *
 * With the mount API (open_tree(2), mount_setattr(2), move_mount(2): Linux 5.12) a whole tree
 * gets its attributes before any process sees it. On older kernels ("by name") it is mounted
 * with mount(2), and the mount table then shows which mounts must be changed. The caller is in
 * a mount namespace of its own whose mounts are private. */
#ifndef NATIVE_TREE_H
#define NATIVE_TREE_H

#include <stdbool.h>

#include "base/err.h"

/* Attributes of a mount. Setuid bits never have an effect in it. */
enum tree_flags {
    TREE_READ_ONLY = 1,
    TREE_NOEXEC = 2,
    TREE_DEVICES = 4, /* device nodes work in it; without this flag they do not */
    /* The owner of every file is nobody (native/idmap.h). Such a tree is opened before the
     * namespaces are made. */
    TREE_IDMAPPED = 8
};

/* A tree that is opened but not mounted yet. */
struct tree {
    int fd; /* of open_tree(2), or an O_PATH descriptor of the source if by_name; -1: closed */
    bool by_name;   /* the kernel has no mount API */
    unsigned flags; /* enum tree_flags */
};

/* Returns true if this kernel has the whole mount API. Changes nothing. */
bool tree_has_api(void);

/* Opens the file or directory `source`, with everything that is mounted below it. Follows links
 * in the path. `by_name` is the opposite of tree_has_api(). Overwrites *t. Returns 0 on success
 * and -1 on error: ERR_NOT_FOUND if `source` does not exist. After an error, t is closed. */
int tree_open(struct tree *t, const char *source, unsigned flags, bool by_name, struct err *e);

/* Opens a tree as tree_open() does, with the owners of files mapped by the user namespace
 * `idmap`, a descriptor of idmap_open() that stays the caller's. Mounts that the host makes
 * later do not appear in it. Needs the mount API and the right to mount in the host's own
 * namespaces. */
int tree_open_idmapped(struct tree *t, const char *source, unsigned flags, int idmap,
                       struct err *e);

/* Mounts the tree with its attributes onto `place`, an O_PATH descriptor of
 * native/mountpoint.h, and closes the tree, also after an error. `path` is the absolute path of
 * `place` in this mount namespace: it names the mount in messages, and in the mount table if
 * t->by_name. Returns 0 on success and -1 on error. After an error, a mount by name may exist
 * without its attributes, and the process must end. */
int tree_put(struct tree *t, int place, const char *path, struct err *e);

/* Mounts the file or directory `place` over itself with the attributes `flags`. `place`, `path`
 * and `by_name` are as above. Returns 0 on success and -1 on error. */
int tree_lock(int place, const char *path, unsigned flags, bool by_name, struct err *e);

/* Mounts a new file system of the type `type` ("tmpfs", "proc", "devpts", "cgroup2") onto
 * `place`, with the attributes `flags` and the file system's own `options`. `path` is for
 * messages only. Returns 0 on success and -1 on error. mount(2). */
int tree_new(const char *type, const char *options, unsigned flags, int place, const char *path,
             struct err *e);

/* Closes the tree without mounting it. A second call does nothing. */
void tree_close(struct tree *t);

#endif
