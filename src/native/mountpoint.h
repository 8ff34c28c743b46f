/* SPDX-License-Identifier: MIT */
/* Places in the new root where something is mounted: found and made without following a link, because a directory that is
 * mounted there may hold links that an agent made. openat(2), O_PATH. */
#ifndef NATIVE_MOUNTPOINT_H
#define NATIVE_MOUNTPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* The directory (`is_dir`) or file `path`, absolute and clean, below the directory `root`; what is missing on the way and
 * in the end is made: directories 0755, an empty file 0600. An O_PATH descriptor, or -1: ERR_REFUSED where a link or
 * something of another kind is in the way, ERR_SYS otherwise. */
int mountpoint_open(int root, const char *path, bool is_dir, struct err *e);

/* The same, and nothing is made: ERR_NOT_FOUND. */
int mountpoint_find(int root, const char *path, bool is_dir, struct err *e);

#endif
