/* SPDX-License-Identifier: MIT */
/* What init does with files that the command, or an earlier session, may have put in the place of others: with the
 * user's own rights, not with root's. The capabilities over files go and come with the uid (setfsuid(2)). */
#ifndef INIT_USER_FILES_H
#define INIT_USER_FILES_H

#include "base/err.h"
#include "wire/boot.h"

/* open(2), never through a link at the end, close-on-exec. -1 with errno. */
int open_as_user(const struct boot *b, const char *path, int flags, unsigned mode);

/* Makes a link, and the directories above it, in the place of whatever file or link is there; a directory stays, which is
 * an error. By root where no link is on the way there, else as the user, who may have made that link. */
int setup_link(const struct boot *b, const struct boot_link *l, struct err *e);

/* Writes the login or the key that the host has anew (wire/frame.h, RENEWED) over the one that is there. */
int renew_file(const struct boot *b, const char *path, struct str text, struct err *e);

#endif
