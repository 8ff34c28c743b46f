/* SPDX-License-Identifier: MIT */
/* The entry of a user in passwd(5). */
#ifndef HOST_USER_H
#define HOST_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct user_entry {
    const char *name;
    const char *home; /* NULL if the entry has none */
};

/* Finds the entry of a uid in /etc/passwd. Directory services are not asked: a static libc
 * cannot do so. Returns false if there is no entry; *out is unchanged then. The strings live in
 * the arena. */
bool user_find(uint64_t uid, struct arena *a, struct user_entry *out);

#endif
