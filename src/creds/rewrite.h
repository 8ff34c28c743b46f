/* SPDX-License-Identifier: MIT */
/* Changes a private copy where it is: a sandbox has this very file mounted, so another one under its name would never be
 * seen inside. */
#ifndef CREDS_REWRITE_H
#define CREDS_REWRITE_H

#include "base/err.h"
#include "base/str.h"

/* The file then holds `text`, and blanks behind it where it was longer before (JSON allows them): one write, so that
 * a reader at the same moment sees no end too early. Its time changes after the bytes have, for whoever read in
 * between. What grew past LIMIT_CREDENTIALS is cut first. ERR_NOT_FOUND where it is gone. */
int rewrite_copy(const char *path, struct str text, struct err *e);

/* The same, but only while the file has what was `seen`, or is larger than LIMIT_CREDENTIALS: 1, nothing done,
 * otherwise. Others who open the file meanwhile wait (a lease, fcntl(2)), so that nothing they write is lost or
 * mixed with ours; without that protection where the file system has no leases or somebody keeps the file open for
 * 200 ms. */
int rewrite_copy_of(const char *path, struct str seen, struct str text, struct err *e);

#endif
