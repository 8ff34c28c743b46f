/* SPDX-License-Identifier: MIT */
/* Changes a private copy in place. A sandbox may have the file mounted, and would not see a new
 * file that replaced it under its name; and a program that reads the file at the same moment
 * must not see half of it. */
#ifndef BASE_REWRITE_H
#define BASE_REWRITE_H

#include "base/err.h"
#include "base/str.h"

/* Replaces the content of the file at `path` with `text`. If the file was longer before,
 * newlines fill it up to its old size, which JSON allows. The function writes the whole text
 * with one pwrite(2), so that a process that reads at the same moment does not see a text that
 * is cut off. Afterwards it sets the file's modification time two milliseconds into the future,
 * so that a process that read during the write notices another change and reads again. A file
 * larger than LIMIT_CREDENTIALS is truncated first.
 *
 * Returns 0 on success and -1 on error. ERR_NOT_FOUND means that no such file exists,
 * ERR_REFUSED that it is not a regular file, ERR_SYS that a system call failed (ELOOP if `path`
 * is a link, which is not followed). If writing fails, the file may be partly written or empty;
 * its old content is not restored. Does not wait for other processes. */
int rewrite_copy(const char *path, struct str text, struct err *e);

/* Does what rewrite_copy() does with the file that is open for writing at `fd`, which stays
 * open. `path` is its name in messages. */
int rewrite_fd(int fd, const char *path, struct str text, struct err *e);

/* Does what rewrite_copy() does, but only if the file contains exactly `seen` or is larger than
 * LIMIT_CREDENTIALS. Returns 0 if it has written `text`, 1 if the file contains something else
 * (nothing is written), and -1 on error, as rewrite_copy() does.
 *
 * The function takes a lease on the file (F_SETLEASE, fcntl(2)): another process that opens the
 * file in the meantime waits, so nothing that it writes is lost or mixed with `text`. A lease
 * is impossible while another process has the file open, so the function waits up to 200 ms for
 * that to end. If the file is still open then, or if the file system has no leases, the
 * function goes on without this protection. */
int rewrite_copy_of(const char *path, struct str seen, struct str text, struct err *e);

#endif
