/* SPDX-License-Identifier: MIT */
/* Bytes that must not outlive their use: in memory that is wiped before it is returned. Never
 * in an argument list, a plan, a log. Pure but for memory. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct secret {
    char *p; /* NUL behind the bytes, not counted */
    size_t len;
};

void secret_set(struct secret *s, struct str bytes); /* copies; what s held before is wiped */
void secret_release(struct secret *s);               /* wipes; accepts the empty state */
void secret_wipe(void *p, size_t len);               /* a wipe the compiler cannot drop */

/* In a time that does not depend on where they differ. */
bool secret_equal(struct str a, struct str b);

#endif
