/* SPDX-License-Identifier: MIT */
/* Reads a tree into a listing (wire/synclist.h) by descriptors, without following links. Each
 * path is examined once. A path that the filter skips, that is not a file, directory or link,
 * or that cannot be read, is in the listing as LEFT, so that it does not count as removed. */
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
    uint64_t entries;    /* entries of the listing that are not LEFT */
    uint64_t special;    /* fifos, sockets, devices */
    uint64_t unreadable; /* paths that cannot be read, are too deep, or have a too long path */
    /* The caller's buffer for the unreadable paths, each followed by a NUL; NULL: none. A path
     * that does not fit, or is too long for a listing, is not added. */
    struct buf *unreadables;
};

/* Adds the listing of the tree at root_fd to `out`, which must be empty. `filter` may be NULL.
 * With `sweep`, removes temporary files of an interrupted run. The counts are added to *seen,
 * which the caller has set to zeros. A file or link that disappears meanwhile is not in the
 * listing; a directory that disappears before it is opened counts as unreadable. A path that is
 * too long for a listing (LIMIT_SYNC_PATH) is not in it. Returns 0 on success and -1 on error:
 * ERR_SYS if the root cannot be read, a directory that is being read disappears, or no
 * descriptors are left; ERR_LIMIT if there are too many entries. Blocks for as long as the file
 * system does. */
int walk_tree(int root_fd, struct sync_filter *filter, bool sweep, struct buf *out,
              struct walk_seen *seen, struct err *e);

/* Returns the entry for the data of stat(2). A link has no target in it. */
struct sync_entry walk_entry(const struct stat *st);

#endif
