/* SPDX-License-Identifier: MIT */
/* Identifies a build of cco: 64 hex digits, the SHA-256 of the binary without them. build.sh
 * writes them into the finished binary. Constant. */
#ifndef BASE_BUILD_ID_H
#define BASE_BUILD_ID_H

#include <stdbool.h>

enum { BUILD_ID_SIZE = 65 };

/* Writes the digits and a NUL to `out` and returns true. In a program into which build.sh has
 * not written them (the tests), sets `out` to "" and returns false. */
bool build_id(char out[BUILD_ID_SIZE]);

#endif
