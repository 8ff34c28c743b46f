/* SPDX-License-Identifier: MIT */
/* Version numbers as Semantic Versioning 2.0.0 has them: 1.2.3, 1.2.3-rc.1, 1.2.3+build. Pure.
 */
#ifndef WIRE_VERSION_H
#define WIRE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct version {
    uint64_t major, minor, patch;
    struct str pre; /* behind '-'; empty: a release. A view into the text */
};

/* The whole text. False where it is no version; *v is then untouched. At most VERSION_MAX
 * bytes. */
enum { VERSION_MAX = 64 };
bool version_parse(struct str text, struct version *v);

/* Which comes first (section 11; build metadata does not count): negative, 0, positive. */
int version_cmp(const struct version *a, const struct version *b);

#endif
