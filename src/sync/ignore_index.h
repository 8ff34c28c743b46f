/* SPDX-License-Identifier: MIT */
/* Which paths git tracks: the names in an index (gitformat-index(5)), versions 2 to 4, of SHA-1
 * and SHA-256 repositories. Of a split index the names of both parts are read by calling
 * ignore_index_read() for each, and none that the second removes is removed: a name too many
 * only means that it is not ignored. A directory that a sparse index has in place of its files
 * counts as tracked with all that is in it. The index's checksum is not looked at. Pure. */
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
    struct buf names; /* one behind the other */
    struct ignore_index_name *v;
    size_t count, cap;
    bool nocase; /* the names are in lower case, and so are those asked for */
    bool split;  /* it says that there is a shared part: */
    unsigned char shared[GIT_SHA256_SIZE]; /* hash_size bytes, whose hex digits name the file */
};

struct ignore_index_name {
    uint32_t at, len; /* in names */
};

/* Names in a row that begin with one directory. */
struct ignore_index_range {
    size_t from, to;
    bool all; /* everything in that directory is tracked */
};

void ignore_index_init(struct ignore_index *ix, bool nocase);

/* Adds the names of one index file. ERR_FORMAT for what breaks the format, or has a version or
 * an extension that must be known and is not; ERR_LIMIT past LIMIT_GIT_INDEX bytes of names. On
 * failure ix is released. */
int ignore_index_read(struct ignore_index *ix, struct str file, size_t hash_size,
                      struct err *e);

/* After the last one: sorts the names. Without it nothing may be asked. */
void ignore_index_sort(struct ignore_index *ix);

void ignore_index_release(struct ignore_index *ix);

/* All names; and those of a directory, out of the range of a directory around it. `dir` is
 * relative to the top, without a slash at the end. */
struct ignore_index_range ignore_index_all(const struct ignore_index *ix);
struct ignore_index_range ignore_index_below(const struct ignore_index *ix,
                                             struct ignore_index_range around, struct str dir);

/* True where the path is tracked: as a file, link or submodule; of a directory, also where
 * anything in it is. The range is that of the directory that has it. */
bool ignore_index_has(const struct ignore_index *ix, struct ignore_index_range range,
                      struct str path, bool is_dir);

#endif
