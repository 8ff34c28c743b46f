/* SPDX-License-Identifier: MIT */
/* Text of passwd(5) and group(5) that contains the entry of the user. Pure. */
#ifndef INIT_PASSWD_H
#define INIT_PASSWD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct passwd_user {
    const char *name;
    uint64_t uid, gid;
    const char *home;
    const char *shell;
};

/* Adds the text to out with the user's line in front. Lines with the same name or the same uid
 * are left out, except root's; all others are kept as they are. Returns 0 on success and -1 if
 * out's maximum is exceeded. */
int passwd_set(struct str text, const struct passwd_user *u, struct buf *out);

/* The same for group(5): a group named as the user with gid, unless some group has that gid
 * already (then nothing changes but that the last line ends with a newline). */
int group_set(struct str text, const struct passwd_user *u, struct buf *out);

#endif
