/* SPDX-License-Identifier: MIT */
/* The entry of a user in passwd(5). */
#ifndef HOST_USER_H
#define HOST_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct user_entry {
    const char *name; /* never empty */
    const char *home; /* NULL if the entry has none */
};

/* Finds the first entry with this uid in /etc/passwd. Directory services are not asked, because
 * a static libc cannot do that. Returns true and fills *out, with strings in the arena. Returns
 * false if no such entry exists or if the file cannot be read; *out is then unchanged. */
bool user_find(uint64_t uid, struct arena *a, struct user_entry *out);

#endif
