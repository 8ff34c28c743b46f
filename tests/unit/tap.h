/* SPDX-License-Identifier: MIT */
/* Unit tests speak TAP (https://testanything.org) to prove(1). One program per source file:
 * checks run in order, each with a name that says what holds; the plan is printed at the end,
 * so a program that dies early fails. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned tap_count;
static unsigned tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool ok(bool good, const char *fmt, ...)
{
    va_list ap;

    tap_count++;
    tap_failed += good ? 0U : 1U;
    (void)printf("%sok %u - ", good ? "" : "not ", tap_count);
    va_start(ap, fmt);
    (void)vprintf(fmt, ap);
    va_end(ap);
    (void)printf("\n");
    (void)fflush(stdout);
    return good;
}

__attribute__((unused)) static bool is_int(long long got, long long want, const char *name)
{
    if (!ok(got == want, "%s", name)) {
        (void)printf("#   got %lld, want %lld\n", got, want);
        return false;
    }
    return true;
}

__attribute__((unused)) static bool is_str(const char *got, const char *want, const char *name)
{
    bool same = got == NULL || want == NULL ? got == want : strcmp(got, want) == 0;

    if (!ok(same, "%s", name)) {
        (void)printf("#   got  '%s'\n#   want '%s'\n", got == NULL ? "(null)" : got,
                     want == NULL ? "(null)" : want);
    }
    return same;
}

__attribute__((unused)) static bool is_mem(const void *got, size_t got_len, const void *want,
                                           size_t want_len, const char *name)
{
    bool same = got_len == want_len && (want_len == 0 || memcmp(got, want, want_len) == 0);

    if (!ok(same, "%s", name)) {
        (void)printf("#   got  %zu bytes '%.*s'\n#   want %zu bytes '%.*s'\n", got_len,
                     (int)got_len, got_len > 0 ? (const char *)got : "", want_len,
                     (int)want_len, want_len > 0 ? (const char *)want : "");
    }
    return same;
}

__attribute__((unused)) static int done_testing(void)
{
    (void)printf("1..%u\n", tap_count);
    return tap_failed > 0 ? 1 : 0;
}

#endif
