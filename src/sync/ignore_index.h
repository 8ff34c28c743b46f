/* SPDX-License-Identifier: MIT */
/* Reads the paths that git tracks: the names in an index (gitformat-index(5)), versions 2 to 4,
 * of SHA-1 and SHA-256 repositories. A split index consists of two files; the caller calls
 * ignore_index_read() for both. The index can delete names of the shared index; these names are
 * kept here, which only means that such a path is not ignored. If a sparse index contains a
 * directory in place of its files, everything in that directory counts as tracked. The checksum
 * of the index is not checked. Pure. */
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
    struct buf names; /* the bytes of all names, without separators */
    struct ignore_index_name *v;
    size_t count, cap;
    /* Letters match in either case: ignore_index_sort() converts the names to lower case, and
     * the functions that search convert their argument. */
    bool nocase;
    bool split; /* the file that was read last refers to a shared index: */
    unsigned char shared[GIT_SHA256_SIZE]; /* the digest in its name, hash_size bytes */
};

struct ignore_index_name {
    uint32_t at, len; /* position and length in `names` */
};

/* The names in one directory, which are consecutive after ignore_index_sort(): v[from] up to,
 * but not including, v[to]. */
struct ignore_index_range {
    size_t from, to;
    bool all; /* everything in that directory is tracked */
};

void ignore_index_init(struct ignore_index *ix, bool nocase);

/* Adds the names of one index file. `hash_size` is GIT_SHA1_SIZE or GIT_SHA256_SIZE. Returns 0
 * on success and -1 on error; ix is then released and can be used again. ERR_FORMAT means that
 * the file is malformed, or has an unknown version or an unknown required extension; ERR_LIMIT
 * means that it has more than LIMIT_GIT_INDEX bytes of names. */
int ignore_index_read(struct ignore_index *ix, struct str file, size_t hash_size,
                      struct err *e);

/* Sorts the names. Must be called after the last ignore_index_read() and before the functions
 * below. */
void ignore_index_sort(struct ignore_index *ix);

void ignore_index_release(struct ignore_index *ix);

/* ignore_index_all() returns the range of all names. ignore_index_below() returns the range of
 * the directory `dir`, which must be inside the directory of the range `around`. `dir` is
 * relative to the top of the work tree and has no slash at the end. */
struct ignore_index_range ignore_index_all(const struct ignore_index *ix);
struct ignore_index_range ignore_index_below(const struct ignore_index *ix,
                                             struct ignore_index_range around, struct str dir);

/* Returns true if `path` is tracked as a file, a link or a submodule, or if it is a directory
 * (is_dir) in which a path is tracked. `range` is the range of the directory that contains the
 * path. */
bool ignore_index_has(const struct ignore_index *ix, struct ignore_index_range range,
                      struct str path, bool is_dir);

#endif
