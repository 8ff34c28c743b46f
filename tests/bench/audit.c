/* SPDX-License-Identifier: MIT */
/* `audit PROJECT TIMES`: measures the audit of a session TIMES times: both looks and their
 * comparison. Prints the microseconds of each time on one line. */
#include "host/audit.h"
#include "base/clock.h"
#include "base/num.h"
#include "host/audit_scope.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint64_t times = 0;

    if (argc != 3 || !str_u64(str_c(argv[2]), 10, 1000000, &times)) {
        (void)fputs("usage: audit PROJECT TIMES\n", stderr);
        return 2;
    }
    for (uint64_t i = 0; i < times; i++) {
        struct arena a = {0};
        struct audit_scope scope = {0};
        struct audit before = {0};
        struct audit after = {0};
        struct audit_report report = {0};
        struct err e = {0};
        int64_t start = clock_us();

        audit_scope_add_tree(&scope, &a, argv[1], false);
        audit_scope_add_leads(&scope, &a, getenv("HOME"), getenv("PATH"));
        if (audit_take(&scope, &a, &before, &e) < 0 ||
            audit_take(&before.scope, &a, &after, &e) < 0) {
            (void)fprintf(stderr, "%s\n", e.text);
            return 1;
        }
        audit_diff(&before, &after, &a, &report);
        (void)printf("%lld\n", (long long)(clock_us() - start));
        arena_release(&a);
    }
    return 0;
}
