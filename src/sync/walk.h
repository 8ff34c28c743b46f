/* SPDX-License-Identifier: MIT */
/* Reads a tree into a listing (wire/synclist.h) by descriptors, without following links. Each
 * path is examined once. The listing marks as left alone what the filter skips, what is not a
 * file, directory or link, and what cannot be read, so that it does not count as removed. */
#ifndef SYNC_WALK_H
#define SYNC_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/synclist.h"

struct stat;
struct sync_filter;

struct walk_seen {
    uint64_t entries;    /* in the listing, not counting what is left alone */
    uint64_t special;    /* fifos, sockets, devices */
    uint64_t unreadable; /* directories that cannot be read or are too deep */
    /* The paths of those, each followed by a NUL, as long as there is room; may be NULL. */
    struct buf *unreadables;
};

/* Adds the listing of the tree at root_fd to out, which must be empty. With `sweep` it removes
 * temporary files that an interrupted run left behind. Paths that vanish meanwhile do not
 * appear. */
int walk_tree(int root_fd, struct sync_filter *filter, bool sweep, struct buf *out,
              struct walk_seen *seen, struct err *e);

/* Returns the entry for stat(2) data; for a link, without its target. */
struct sync_entry walk_entry(const struct stat *st);

#endif
