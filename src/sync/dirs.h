/* SPDX-License-Identifier: MIT */
/* Reaches a directory in a tree by descriptors, one component after the other, and never
 * through a link. The directories on the way stay open, up to DIRS_KEPT of them, so that it is
 * fast to reach a directory near the last one. */
#ifndef SYNC_DIRS_H
#define SYNC_DIRS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { DIRS_KEPT = 64, DIRS_NAME = 256 };

struct dirs {
    int root;            /* the tree; borrowed */
    int kept[DIRS_KEPT]; /* kept[i] is the open directory at depth i + 1 of `path` */
    int deep;            /* the directory `path` if it is deeper than DIRS_KEPT; otherwise -1 */
    size_t depth;        /* components of `path` */
    struct buf path;     /* the last directory that was reached, relative; "" is the root */
};

void dirs_init(struct dirs *d, int root);

/* Closes all directories except the root. */
void dirs_release(struct dirs *d);

/* Returns a descriptor of the directory `path` for reading, which belongs to d and is valid
 * until the next call. `path` is relative; "" is the root. Returns -1 on error: ERR_SYS with
 * e->errnum (ELOOP or ENOTDIR if a component is a link), or ERR_LIMIT if the path or a
 * component is too long. */
int dirs_at(struct dirs *d, struct str path, struct err *e);

/* Like dirs_at() for the directory that contains `path`. Also copies the last component of
 * `path` to `name`, with a NUL. */
int dirs_parent(struct dirs *d, struct str path, char name[DIRS_NAME], struct err *e);

/* Closes the directory `path` and those below it. The caller calls this before it removes or
 * replaces `path`. */
void dirs_forget(struct dirs *d, struct str path);

#endif
