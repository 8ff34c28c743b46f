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

#endif
