/* SPDX-License-Identifier: MIT */
/* Changes a private copy in place: the sandbox has this file mounted, and would not see another
 * file under its name. */
#ifndef CREDS_REWRITE_H
#define CREDS_REWRITE_H

#include "base/err.h"
#include "base/str.h"

/* Replaces the content with `text`, followed by blanks if it was longer before, which JSON
 * allows. Uses one write, so that a reader at the same moment does not see the text cut, and
 * changes the file's time afterwards, so that such a reader reads again. A file larger than
 * LIMIT_CREDENTIALS is truncated first. Returns 0 on success and -1 on error: ERR_NOT_FOUND if
 * there is no such file. */
int rewrite_copy(const char *path, struct str text, struct err *e);

/* The same, but only if the file still contains `seen` or is larger than LIMIT_CREDENTIALS;
 * otherwise writes nothing and returns 1. Other processes that open the file meanwhile wait (a
 * lease, fcntl(2)), so that nothing that they write is lost or mixed with `text`. This
 * protection is missing if the file system has no leases, or if a process keeps the file open
 * for 200 ms. */
int rewrite_copy_of(const char *path, struct str seen, struct str text, struct err *e);

#endif
