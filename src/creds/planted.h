/* SPDX-License-Identifier: MIT */
/* Removes what a session has planted in a directory of claude's state that the host's claude
 * uses as well. Claude makes only regular files and directories there. A symbolic link would
 * make the host's claude read or write another file of the user in the place of a transcript or
 * of its memory. */
#ifndef CREDS_PLANTED_H
#define CREDS_PLANTED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Removes everything below the directory `dir` that is neither a regular file nor a directory,
 * and whose attributes changed at or after `since_ms` (wall clock; ctime, which a program
 * cannot set). Older links are the user's own and stay. Follows no link. A directory that
 * cannot be read is made readable for its owner first. Adds the number of removed objects to
 * *removed. Returns 0 on success, also if `dir` does not exist or is not a directory. Returns
 * -1 if a part could not be examined, because it is deeper than 32 directories or a system call
 * failed; *e describes the first such part, and the rest was cleaned. Sessions may run in the
 * directory meanwhile. Blocks as long as walking through the directory takes. */
int planted_remove(const char *dir, int64_t since_ms, size_t *removed, struct err *e);

#endif
