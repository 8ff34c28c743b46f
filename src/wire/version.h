/* SPDX-License-Identifier: MIT */
/* Version numbers of Semantic Versioning 2.0.0 (https://semver.org): 1.2.3, 1.2.3-rc.1,
 * 1.2.3+build. Pure. */
#ifndef WIRE_VERSION_H
#define WIRE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct version {
    uint64_t major, minor, patch; /* each at most 10^9 */
    struct str pre; /* the pre-release after '-': a view into the text; empty for a release */
};

enum { VERSION_MAX = 64 }; /* bytes of a version's text */

/* Reads the whole text as a version. Build metadata after '+' is checked and dropped. Returns
 * true on success, and false, with *v unchanged, if the text is not a version, is longer than
 * VERSION_MAX, or has a number above 10^9. */
bool version_parse(struct str text, struct version *v);

/* Compares a and b by precedence (section 11). Returns a negative number if a comes before b, 0
 * if they are equal, and a positive number if a comes after b. */
int version_cmp(const struct version *a, const struct version *b);

#endif
