/* SPDX-License-Identifier: MIT */
/* One mount: a copy of a file or directory tree of the host, or a new file system, with its attributes, put in its
 * place. By the descriptors of the mount API (open_tree(2), mount_setattr(2), move_mount(2): Linux 5.12), where all of a tree
 * is read-only before anybody sees it; by mount(2) and the mount table on older kernels. In a mount namespace of our own
 * whose mounts are private. */
#ifndef NATIVE_TREE_H
#define NATIVE_TREE_H

#include <stdbool.h>

#include "base/err.h"

enum tree_flags {
    TREE_READ_ONLY = 1,
    TREE_NOEXEC = 2,
    TREE_DEVICES = 4, /* device nodes work in there; everywhere else not, and setuid nowhere */
    TREE_IDMAPPED = 8 /* owners are nobody: native/idmap.h; opened before the namespaces are */
};

struct tree {
    int fd;       /* -1: closed; of open_tree(2), or an O_PATH of the source */
    bool by_name; /* the kernel has no mount API: the latter */
    unsigned flags;
};

/* Whether this kernel has all of the mount API. */
bool tree_has_api(void);

/* A copy of what is at `source` (links in the path are followed), with all that is mounted below, recursively. by_name as
 * tree_has_api() says. ERR_NOT_FOUND where nothing is there. */
int tree_open(struct tree *t, const char *source, unsigned flags, bool by_name, struct err *e);

/* The same with owners mapped by the user namespace `mask`, private, and by the mount API only: by who has the right to
 * that in the host's own namespaces. */
int tree_open_idmapped(struct tree *t, const char *source, unsigned flags, int idmap,
                       struct err *e);

/* Mounts it onto the O_PATH descriptor `place` (native/mountpoint.h), attributes and all, and closes it. `path` is for messages. */
int tree_put(struct tree *t, int place, const char *path, struct err *e);

/* What is at `place` already, once more on top of itself, with these attributes. */
int tree_lock(int place, const char *path, unsigned flags, bool by_name, struct err *e);

/* A new file system onto `place`: "tmpfs", "proc", "devpts", "cgroup2". mount(2). */
int tree_new(const char *type, const char *options, unsigned flags, int place, const char *path,
             struct err *e);

void tree_close(struct tree *t);

#endif
