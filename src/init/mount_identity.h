/* SPDX-License-Identifier: MIT */
/* Checks that the directories that the engine has mounted are the ones that cco examined: any
 * process that can write to a directory above them could have replaced them in between. */
#ifndef INIT_MOUNT_IDENTITY_H
#define INIT_MOUNT_IDENTITY_H

#include "base/err.h"
#include "wire/boot.h"

/* Compares device and inode of the directories in b->mount_ids with those that cco saw on the
 * host. The first entry is a directory that only cco can replace. If even that one differs
 * (virtual machines, other runtimes), the numbers mean nothing and the result is 0. Returns 0
 * if all are the same, and -1 with ERR_REFUSED otherwise. */
int mount_identity_check(const struct boot *b, struct err *e);

#endif
