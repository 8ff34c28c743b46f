/* SPDX-License-Identifier: MIT */
/* Finds the user's public keys for ssh. */
#ifndef HOST_SSH_PUBLIC_H
#define HOST_SSH_PUBLIC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/list.h"

enum { SSH_PUBLIC_MAX = 64 }; /* names that are used at most */

/* Adds the names of the entries "NAME.pub" of the directory `dir` to `names`, sorted, and at
 * most SSH_PUBLIC_MAX of them. NAME has only letters, digits and the characters "._@+-". A
 * directory that cannot be read has none. */
void ssh_public_names(struct arena *a, const char *dir, struct strv *names);

/* Returns true if the file is readable, has at most 64 KiB, and contains a line with a public
 * key in OpenSSH's form (sshd(8), AUTHORIZED_KEYS FILE FORMAT) and nothing else but such lines
 * and comments. A private key with the name of a public one is not a public key. Never blocks:
 * only a regular file is read. */
bool ssh_public_is_key(const char *path);

#endif
