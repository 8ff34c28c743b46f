/* SPDX-License-Identifier: MIT */
/* Mountpoints in the new root. They are found and made without following a link, because a
 * directory that is mounted in the new root may contain links that an agent made. openat(2),
 * O_PATH. */
#ifndef NATIVE_MOUNTPOINT_H
#define NATIVE_MOUNTPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* Opens the directory (`is_dir`) or file at `path`, absolute and clean, below the directory
 * `root`. Makes what is missing: directories with mode 0755, an empty file with mode 0600.
 * Returns an O_PATH descriptor, which the caller closes, and -1 on error: ERR_REFUSED if a
 * component is a link or has the wrong kind. */
int mountpoint_open(int root, const char *path, bool is_dir, struct err *e);

/* The same, but makes nothing: ERR_NOT_FOUND if a component is missing. */
int mountpoint_find(int root, const char *path, bool is_dir, struct err *e);

#endif
