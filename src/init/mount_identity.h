/* SPDX-License-Identifier: MIT */
/* Whether what was mounted is what cco looked at: somebody who may write in a directory above could put another one, or a
 * link, in its place until the engine had mounted it. */
#ifndef INIT_MOUNT_IDENTITY_H
#define INIT_MOUNT_IDENTITY_H

#include "base/err.h"
#include "wire/boot.h"

/* ERR_REFUSED where a directory of b->same is another one than on the host. The first of them is one that nobody could
 * exchange: where even that differs (virtual machines, other runtimes) nothing can be told, and 0 is returned. */
int mount_identity_check(const struct boot *b, struct err *e);

#endif
