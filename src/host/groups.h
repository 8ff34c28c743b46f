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

#endif
