/* SPDX-License-Identifier: MIT */
/* What tells one build of cco from another: 64 hex digits that build.sh writes into the finished binary,
 * the SHA-256 of the binary without them. Constant. */
#ifndef BASE_BUILD_ID_H
#define BASE_BUILD_ID_H

#include <stdbool.h>

enum { BUILD_ID_SIZE = 65 };

/* The digits and a NUL. False, out empty, in a program that build.sh did not stamp (the tests). */
bool build_id(char out[BUILD_ID_SIZE]);

#endif
