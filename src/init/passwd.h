/* SPDX-License-Identifier: MIT */
/* Text of passwd(5) and group(5) with one entry made sure of. Pure. */
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

/* Adds the text to out with the user's line in front; lines of the same name or the same uid are left
 * out, all others are kept as they are. */
int passwd_set(struct str text, const struct passwd_user *u, struct buf *out);

/* The same for group(5): a group named as the user with gid, unless some group has that gid already
 * (then nothing changes but that the last line ends with a newline). */
int group_set(struct str text, const struct passwd_user *u, struct buf *out);

#endif
