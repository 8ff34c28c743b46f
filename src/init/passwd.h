/* SPDX-License-Identifier: MIT */
/* Makes the text of passwd(5) and group(5) with the entry of the user. Pure. */
#ifndef INIT_PASSWD_H
#define INIT_PASSWD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"

/* The strings are borrowed, and contain neither a colon nor a newline. */
struct passwd_user {
    const char *name;
    uint64_t uid, gid;
    const char *home;
    const char *shell;
    struct strv
        groups; /* supplementary groups: "GID", "GID:NAME", or a path, which is ignored */
};

/* Adds `text`, the content of a passwd(5) file, to `out`, with the user's line in front. Leaves
 * out empty lines, lines with the same name, and lines with the same uid. But the line of root
 * is kept if only its uid is the same, because sudo looks for that name. All other lines are
 * unchanged. Returns 0 on success and -1 if out's maximum is exceeded; `out` then holds a
 * part. */
int passwd_set(struct str text, const struct passwd_user *u, struct buf *out);

/* Adds `text`, the content of a group(5) file, to `out`, with a group in front that has the
 * user's name and gid. If some group has that gid already, no group is added or left out.
 * Otherwise leaves out a group with the user's name. Adds a group for each supplementary group
 * whose gid no group has, because programs such as groups(1) fail for a gid without a name. It
 * has the name "gGID" if the list has no name for it, or if some group has that name. Also
 * leaves out empty lines, and ends the last line with a newline. Returns like passwd_set(). */
int group_set(struct str text, const struct passwd_user *u, struct buf *out);

#endif
