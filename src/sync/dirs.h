/* SPDX-License-Identifier: MIT */
/* A place in a tree that is reached by descriptors, one component after the other, and never
 * through a link. Going to a place near the last one is cheap: the directories on the way stay
 * open, up to a number. */
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

/* The directory at `path` (relative, "" is the root), for reading; borrowed until the next
 * call. -1 ERR_SYS with errno (ELOOP or ENOTDIR where a component is a link), ERR_LIMIT. */
int dirs_at(struct dirs *d, struct str path, struct err *e);

/* The directory that holds `path`, and its last component. */
int dirs_parent(struct dirs *d, struct str path, char name[DIRS_NAME], struct err *e);

/* Forgets what is open below `path`, and it: it is about to be removed or replaced. */
void dirs_forget(struct dirs *d, struct str path);

#endif
