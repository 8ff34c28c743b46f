/* SPDX-License-Identifier: MIT */
/* Reaches a place in a tree by descriptors, one component after the other, and never through a
 * link. Reaching a place close to the last one is cheap: the directories on the way stay open,
 * up to a number. */
#ifndef SYNC_DIRS_H
#define SYNC_DIRS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { DIRS_KEPT = 64, DIRS_NAME = 256 };

struct dirs {
    int root;            /* borrowed */
    int kept[DIRS_KEPT]; /* kept[i] is the directory at depth i + 1 */
    int deep;            /* the directory at path, where that is deeper than DIRS_KEPT; -1 */
    size_t depth;        /* of path */
    struct buf path;     /* relative to the root, "" is the root */
};

void dirs_init(struct dirs *d, int root);
void dirs_release(struct dirs *d);

/* Returns a descriptor of the directory at `path` (relative; "" is the root) for reading,
 * borrowed until the next call. Returns -1 on error: ERR_SYS with errno (ELOOP or ENOTDIR if a
 * component is a link), ERR_LIMIT. */
int dirs_at(struct dirs *d, struct str path, struct err *e);

/* Returns the directory that contains `path`, and copies the last component of `path` to
 * name. */
int dirs_parent(struct dirs *d, struct str path, char name[DIRS_NAME], struct err *e);

/* Closes what is open at and below `path`, which is about to be removed or replaced. */
void dirs_forget(struct dirs *d, struct str path);

#endif
