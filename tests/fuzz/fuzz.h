/* SPDX-License-Identifier: MIT */
/* The function that each fuzz target defines. driver.c calls it. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Feeds `in` to the parser in pieces of `step` bytes and adds a description of the results to
 * `out`, which must not depend on `step`. Calls abort() if a property of the parser does not
 * hold: progress with each call, output inside the input, decoding inverts encoding. */
void fuzz_describe(struct str in, size_t step, struct buf *out);

#endif
