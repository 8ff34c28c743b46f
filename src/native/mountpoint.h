/* SPDX-License-Identifier: MIT */
/* Mountpoints in the new root. They are found and made without following a symbolic link,
 * because a directory that is mounted in the new root (such as the project) may contain links
 * that an agent has made. openat(2), O_PATH. */
#ifndef NATIVE_MOUNTPOINT_H
#define NATIVE_MOUNTPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* Opens the directory (if `is_dir`) or file at `path` below the directory with the descriptor
 * `root`, which stays the caller's. `path` is absolute, clean, and relative to `root`.
 * Components that are missing are made: directories with mode 0755, a file empty and with mode
 * 0600 (both less the umask). Returns a close-on-exec O_PATH descriptor, which the caller
 * closes, and -1 on error: ERR_REFUSED if a component is a link or has the wrong kind, ERR_SYS
 * otherwise. After an error, some components may have been made. */
int mountpoint_open(int root, const char *path, bool is_dir, struct err *e);

/* Opens a path as mountpoint_open() does, but makes nothing. ERR_NOT_FOUND means that a
 * component is missing. */
int mountpoint_find(int root, const char *path, bool is_dir, struct err *e);

#endif
