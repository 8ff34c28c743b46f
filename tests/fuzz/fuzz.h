/* SPDX-License-Identifier: MIT */
/* What a fuzz target provides. driver.c does the rest. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Feeds `in` to the parser in pieces of `step` bytes and writes down what came out, in a way
 * that does not depend on the pieces. Calls abort() where a property of the parser does not
 * hold: no progress, output outside of the input, decode of encode that differs. */
void fuzz_describe(struct str in, size_t step, struct buf *out);

#endif
