/* SPDX-License-Identifier: MIT */
/* The supplementary groups of this process (credentials(7)). */
#ifndef HOST_GROUPS_H
#define HOST_GROUPS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"

/* Appends the supplementary groups of this process to `out`, except `gid`: each as "GID", or as
 * "GID:NAME" if /etc/group has a name for it. At most LIMIT_GROUPS. Directory services are not
 * asked, because a static libc cannot do that. Reads a file; otherwise never blocks. */
void groups_find(uint64_t gid, struct strv *out, struct arena *a);

/* Returns the item of `groups`, as groups_find() lists them, that owns the directory `dir` and
 * may write to it. Returns NULL if there is none, or if the user (uid, gid) needs none of them:
 * the directory belongs to the user or the user's group, every user may write to it, or the
 * user is root. */
const char *groups_of_dir(const struct strv *groups, uint64_t uid, uint64_t gid,
                          const char *dir);

#endif
