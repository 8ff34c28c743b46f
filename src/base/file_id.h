/* SPDX-License-Identifier: MIT */
/* Identifies the file at a path by a text, "DEVICE:INODE" in decimal. Bind mounts keep both
 * numbers, so that two processes with different mounts can find out whether they see the same
 * directory. */
#ifndef BASE_FILE_ID_H
#define BASE_FILE_ID_H

#include <stdbool.h>
#include <sys/stat.h>

enum { FILE_ID_SIZE = 48 };

/* Writes the text for `path` to `out` and returns true. Does not follow a link at the end of
 * the path. If lstat(2) fails, sets `out` to "" and returns false. inode(7). */
bool file_id_of(const char *path, char out[FILE_ID_SIZE]);

/* Writes the text for the file that `st` describes to `out`. */
void file_id_text(const struct stat *st, char out[FILE_ID_SIZE]);

#endif
