/* SPDX-License-Identifier: MIT */
/* Operations on whole listings (wire/synclist.h): the difference of two, the result of applying
 * a difference, and the file that keeps a base:
 *
 *   file = "ccosync1" SHA-256 of the listing (64 hex digits) tree (64 bytes) listing
 *   tree = identifies the directory, as text, padded with zeros; all zeros: any directory
 *
 * No function trusts the bytes that it reads. */
#ifndef SYNC_LISTING_H
#define SYNC_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/syncmsg.h"

enum { LISTING_TREE = 64 };

/* Adds to out the changes that turn `from` into `to`: the entries of `to` that differ
 * (sync_same()), and GONE for paths that `to` lacks. Returns 0 on success and -1 on error. */
int listing_diff(struct str from, struct str to, struct buf *out, struct err *e);

/* Adds to out the result of applying `change` to `from`. A path that is GONE in `change` may be
 * missing in `from`. */
int listing_apply(struct str from, struct str change, struct buf *out, struct err *e);

/* Returns 0 if the parents of each path are in the listing as directories, otherwise -1 with
 * ERR_FORMAT. Without `whole` (for a base, whose paths may lack their parents) it makes only
 * the checks of the reader. */
int listing_check(struct str listing, bool whole, struct err *e);

void listing_digest(struct str listing, char out[SYNC_DIGEST + 1]);

struct base {
    bool has;                     /* there is a base, and it is intact */
    char digest[SYNC_DIGEST + 1]; /* zeros if there is no base */
    struct str listing;           /* empty if there is no base */
    struct buf bytes;             /* of the file */
};

void base_release(struct base *b);

/* Reads the file `path`. A missing file, a damaged one, and one of another tree than `tree`
 * (unless that is "") count as no base. Returns 0 on success and -1 if the file cannot be
 * read. */
int base_load(struct base *b, const char *path, const char *tree, struct err *e);

/* Replaces the file atomically. */
int base_save(const char *path, const char *tree, const char *digest, struct str listing,
              struct err *e);

/* Writes a text that identifies the directory: another directory at the same place has another
 * text, even if it has the same inode number. */
void base_tree_of(int fd, char out[LISTING_TREE]);

#endif
