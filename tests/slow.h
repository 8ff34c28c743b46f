/* SPDX-License-Identifier: MIT */
/* How many times slower than this machine what runs a test is: the variable CCO_TEST_SLOW, set
 * for programs of another architecture, which an emulator runs; 1 without it. Bounds on time
 * are multiplied by it, and the largest loops divided. */
#ifndef TESTS_SLOW_H
#define TESTS_SLOW_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
