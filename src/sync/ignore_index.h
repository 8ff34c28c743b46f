/* SPDX-License-Identifier: MIT */
/* Reads which paths git tracks: the names in an index (gitformat-index(5)), versions 2 to 4, of
 * SHA-1 and SHA-256 repositories. The caller calls ignore_index_read() for both parts of a
 * split index. No name that the second part removes is removed: an extra name only means that
 * it is not ignored. A directory that a sparse index has in place of its files counts as
 * tracked with everything in it. The checksum of the index is not checked. Pure. */
#ifndef SYNC_IGNORE_INDEX_H
#define SYNC_IGNORE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { GIT_SHA1_SIZE = 20, GIT_SHA256_SIZE = 32 };

struct ignore_index {
    struct buf names; /* one after the other */
    struct ignore_index_name *v;
    size_t count, cap;
    bool nocase; /* the names are in lower case, and the caller asks in lower case */
    bool split;  /* there is a shared part: */
    unsigned char shared[GIT_SHA256_SIZE]; /* hash_size bytes, whose hex digits name its file */
};

struct ignore_index_name {
    uint32_t at, len; /* in names */
};

/* Consecutive names that begin with one directory. */
struct ignore_index_range {
    size_t from, to;
    bool all; /* everything in that directory is tracked */
};

void ignore_index_init(struct ignore_index *ix, bool nocase);

/* Adds the names of one index file. Returns 0 on success and -1 on error; ix is then released.
 * ERR_FORMAT means that the format is broken, or that a version or a required extension is
 * unknown; ERR_LIMIT means more than LIMIT_GIT_INDEX bytes of names. */
int ignore_index_read(struct ignore_index *ix, struct str file, size_t hash_size,
                      struct err *e);

/* Sorts the names. Call it after the last ignore_index_read() and before asking. */
void ignore_index_sort(struct ignore_index *ix);

void ignore_index_release(struct ignore_index *ix);

/* Return the range of all names, and the range of a directory inside the range of a directory
 * around it. `dir` is relative to the top, without a slash at the end. */
struct ignore_index_range ignore_index_all(const struct ignore_index *ix);
struct ignore_index_range ignore_index_below(const struct ignore_index *ix,
                                             struct ignore_index_range around, struct str dir);

/* Returns true if the path is tracked as a file, a link or a submodule, or, if it is a
 * directory, if anything in it is tracked. The range is that of the directory that contains the
 * path. */
bool ignore_index_has(const struct ignore_index *ix, struct ignore_index_range range,
                      struct str path, bool is_dir);

#endif
