/* SPDX-License-Identifier: MIT */
/* Which file a path leads to: its device and inode, as a text. Bind mounts keep it, so that two sides can tell whether they
 * see the same directory. */
#ifndef BASE_FILE_ID_H
#define BASE_FILE_ID_H

#include <stdbool.h>

enum { FILE_ID_SIZE = 48 };

/* False where the path leads nowhere; a link at its end is not followed. inode(7) */
bool file_id_of(const char *path, char out[FILE_ID_SIZE]);

#endif
