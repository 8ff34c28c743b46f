/* SPDX-License-Identifier: MIT */
/* Which file a path leads to: its device and inode, as a text. Bind mounts keep it, so that two sides can tell whether they
 * see the same directory. */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include <stdbool.h>

enum { IDENTITY_SIZE = 48 };

/* False where the path leads nowhere; a link at its end is not followed. inode(7) */
bool identity_of(const char *path, char out[IDENTITY_SIZE]);

#endif
