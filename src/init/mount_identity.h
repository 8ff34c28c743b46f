/* SPDX-License-Identifier: MIT */
/* Checks mount identities: that the directories that the engine has mounted are the same ones
 * that cco examined on the host. Any process that can write to a directory above them could
 * have replaced them in between. */
#ifndef INIT_MOUNT_IDENTITY_H
#define INIT_MOUNT_IDENTITY_H

#include "base/err.h"
#include "wire/boot.h"

/* Compares device and inode of the directories in b->mount_ids with those that cco saw on the
 * host. The first entry is a directory that only cco can replace. If even its numbers differ
 * (in virtual machines and some runtimes), the engine does not preserve the numbers, and the
 * others are not compared. Returns 0 if all are the same, or if they cannot be compared.
 * Returns -1 with ERR_REFUSED if a directory was replaced. */
int mount_identity_check(const struct boot *b, struct err *e);

#endif
