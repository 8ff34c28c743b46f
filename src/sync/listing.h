/* SPDX-License-Identifier: MIT */
/* Listings as a whole (wire/synclist.h): what differs between two, one made of another and
 * that, and the file that a base is kept in:
 *
 *   file = "ccosync1" SHA-256 of the listing (64 hex digits) tree (64 bytes) listing
 *   tree = which directory it was, as text (device-independent), padded with zeros; zeros where that does not matter
 *
 * Nothing here trusts the bytes it reads. */
#ifndef SYNC_LISTING_H
#define SYNC_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/syncmsg.h"

enum { LISTING_TREE = 64 };

/* Adds to out what must be applied to `from` so that it becomes `to`: entries that differ
 * (sync_same()), and GONE for what `to` lacks. */
int listing_diff(struct str from, struct str to, struct buf *out, struct err *e);

/* Adds to out what becomes of `from` when `change` is applied. What is GONE in it may be
 * missing. */
int listing_apply(struct str from, struct str change, struct buf *out, struct err *e);

/* ERR_FORMAT unless each path's parents are there, as directories. Without `whole` (a base,
 * whose paths may lack their parents) only what the reader checks. */
int listing_check(struct str listing, bool whole, struct err *e);

void listing_digest(struct str listing, char out[SYNC_DIGEST + 1]);

struct base {
    bool has;                     /* there is one, and it is whole */
    char digest[SYNC_DIGEST + 1]; /* zeros without */
    struct str listing;           /* empty without */
    struct buf bytes;             /* of the file */
};

void base_release(struct base *b);

/* Reads DIR/NAME. A missing file, a damaged one, and one of another tree than `tree` (where
 * that is not "") are no base. -1 where it cannot be read. */
int base_load(struct base *b, const char *path, const char *tree, struct err *e);

/* Replaces the file atomically. */
int base_save(const char *path, const char *tree, const char *digest, struct str listing,
              struct err *e);

/* Which directory it is: a text that another one at the same place does not have, be it one of
 * the same inode number. */
void base_tree_of(int fd, char out[LISTING_TREE]);

#endif
