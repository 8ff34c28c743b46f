/* SPDX-License-Identifier: MIT */
/* Reading a tree into a listing (wire/synclist.h): by descriptors, without following links,
 * each thing looked at once. What the filter skips and what is no file, directory or link is in
 * it as left alone; so is what cannot be read, for nobody may think it was removed. */
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
    uint64_t entries;    /* in the listing, without what is left alone */
    uint64_t special;    /* fifos, sockets, devices */
    uint64_t unreadable; /* directories; also what is too deep */
    struct buf *
        unreadables; /* their paths, each with a NUL behind it, as far as there is room; may be NULL */
};

/* Adds the listing of the tree at root_fd to out, which starts empty. With `sweep` what an
 * earlier run left behind half written is removed. Things that vanish meanwhile were not
 * there. */
int walk_tree(int root_fd, struct sync_filter *filter, bool sweep, struct buf *out,
              struct walk_seen *seen, struct err *e);

/* What a path is, by its stat(2) data; of links without the target. */
struct sync_entry walk_entry(const struct stat *st);

#endif
