/* SPDX-License-Identifier: MIT */
/* Operations on whole listings (wire/synclist.h): the difference of two, the result of applying
 * a difference, and the file that keeps a base:
 *
 *   file = "ccosync1" SHA-256 of the listing (64 hex digits) tree (64 bytes) listing
 *   tree = a text that identifies the directory (base_tree_of()), padded with NULs; only NULs
 *          if the file is for any directory
 *
 * No function trusts the bytes of a listing or file that it reads. Functions that return int
 * return 0 on success and -1 on error. ERR_FORMAT means that a listing is malformed, ERR_LIMIT
 * that a result is too large. */
#ifndef SYNC_LISTING_H
#define SYNC_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/syncmsg.h"

enum { LISTING_TREE = 64 };

/* Adds the changes that turn the listing `from` into `to` to `out`: the entries of `to` that
 * differ (sync_same()), and GONE for each path that `to` does not contain. After an error, out
 * contains a part. */
int listing_diff(struct str from, struct str to, struct buf *out, struct err *e);

/* Adds the result of applying the changes `change` to `from` to `out`. A path that is GONE in
 * `change` may be missing in `from`. After an error, out contains a part. */
int listing_apply(struct str from, struct str change, struct buf *out, struct err *e);

/* Checks that the listing is well-formed and, if `whole` is true, that it contains the parents
 * of each path as directories. A base is checked without `whole`, because the parents of its
 * paths may be missing. */
int listing_check(struct str listing, bool whole, struct err *e);

/* Writes the SHA-256 of the listing to `out`, as hex digits and a NUL. */
void listing_digest(struct str listing, char out[SYNC_DIGEST + 1]);

struct base {
    bool has;                     /* whether there is a base */
    char digest[SYNC_DIGEST + 1]; /* 64 hex digits and a NUL; 64 times '0' if !has */
    char tree[LISTING_TREE + 1];  /* the text that identifies the directory; "": any */
    struct str listing;           /* a view of `bytes`; empty if !has */
    struct buf bytes;             /* the file */
};

/* Frees the bytes. *b then is a base that does not exist. */
void base_release(struct base *b);

/* Reads the base in the file `path`. *b need not be initialized, and must not hold a base. A
 * file that is missing, too large, not regular or malformed, or is for another tree than `tree`
 * (unless `tree` is ""), counts as no base: b->has is then false and the result is 0. The
 * digest in the file is not compared with the listing. Returns -1 only if the file exists and
 * cannot be read (ERR_SYS). */
int base_load(struct base *b, const char *path, const char *tree, struct err *e);

/* Replaces the file `path` atomically, with mode 0600; see file_write_atomic(). `digest` is the
 * digest of the listing. `tree` is the text of base_tree_of(), or "" for any directory. */
int base_save(const char *path, const char *tree, const char *digest, struct str listing,
              struct err *e);

/* Writes a text that identifies the open directory `fd`, from its inode number and, if the file
 * system has it, its time of birth. With the time of birth, a new directory never has the text
 * of an earlier one, although the kernel uses inode numbers again. If fstat(2) fails, the text
 * is empty. statx(2). */
void base_tree_of(int fd, char out[LISTING_TREE]);

#endif
