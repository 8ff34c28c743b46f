/* SPDX-License-Identifier: MIT */
/* How much slower than usual a test program runs. The variable CCO_TEST_SLOW is this factor; it
 * is set for programs of another architecture, which an emulator runs. Tests multiply their
 * time limits by it, and divide the number of turns of their longest loops by it. */
#ifndef TESTS_SLOW_H
#define TESTS_SLOW_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Returns the factor, and 1 if the variable is not set or not valid. */
__attribute__((unused)) static int64_t test_slow(void)
{
    const char *given = getenv("CCO_TEST_SLOW");
    size_t digits = given != NULL ? strspn(given, "0123456789") : 0;
    int64_t n = 0;

    if (given == NULL || digits == 0 || digits > 4 || given[digits] != '\0') {
        return 1;
    }
    for (size_t i = 0; i < digits; i++) {
        n = n * 10 + (given[i] - '0');
    }
    return n > 0 ? n : 1;
}

#endif
