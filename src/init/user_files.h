/* SPDX-License-Identifier: MIT */
/* Files that the command, or an earlier session, may have replaced. Init accesses them with the
 * user's rights, not with root's. The kernel drops and restores the capabilities over files
 * together with the file system uid (setfsuid(2)). */
#ifndef INIT_USER_FILES_H
#define INIT_USER_FILES_H

#include "base/err.h"
#include "wire/boot.h"

/* Opens the file at `path` with the user's rights and close-on-exec. Does not follow a link in
 * the last component. `flags` and `mode` are those of open(2). Returns the descriptor, which
 * belongs to the caller, and -1 with errno on error. */
int open_as_user(const struct boot *b, const char *path, int flags, unsigned mode);

/* Makes the symbolic link l, and the directories above it. Replaces a file or a link at
 * l->path; a directory there is an error. Works as root if no directory on the path is a link,
 * and otherwise with the rights of the user, who may have made that link. Returns 0 on success
 * and -1 on error. */
int setup_link(const struct boot *b, const struct boot_link *l, struct err *e);

/* Overwrites the login or the key at `path` with `text`, which the host has sent
 * (src/wire/PROTOCOL.md, RENEWED). Writes in place as rewrite_copy() does (base/rewrite.h),
 * with the user's rights, and does not follow a link in the last component. A missing file is
 * made with mode 0600. Returns 0 on success and -1 on error; the file may then hold a part. */
int renew_file(const struct boot *b, const char *path, struct str text, struct err *e);

#endif
