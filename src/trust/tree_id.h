/* SPDX-License-Identifier: MIT */
/* The identity of a directory or file that outlives a restart of the machine. The number of a
 * device can change with a restart, and the number of an inode is used again after a removal.
 * The time of creation, which file systems of Linux record and nobody can set, decides both
 * cases. */
#ifndef TRUST_TREE_ID_H
#define TRUST_TREE_ID_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tree_id {
    uint64_t device, inode; /* as of stat(2) */
    uint64_t born_ns; /* time of creation since 1970; 0: the file system does not know it */
    mode_t mode;      /* type and permissions; not compared */
};

/* Reads the identity of the object at `path`, relative to the open directory `dir` or AT_FDCWD.
 * If `path` is "", of `dir` itself. Does not follow a link at the end of the path. Returns 0 on
 * success, and -1 with errno on error. statx(2). */
int tree_id_at(int dir, const char *path, struct tree_id *out);

/* Returns true if both describe the same object. */
bool tree_id_same(const struct tree_id *a, const struct tree_id *b);

#endif
