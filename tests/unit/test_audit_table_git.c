/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include "tap.h"

static bool has(const char *pattern)
{
    for (size_t i = 0; i < audit_rules_git_count; i++) {
        if (strcmp(audit_rules_git[i].pattern, pattern) == 0) {
            return audit_rules_git[i].source[0] != '\0';
        }
    }
    return false;
}

int main(void)
{
    ok(has(".git/config") && has(".gitattributes"),
       "this part of the table has its most important rows");
    ok(!has(""), "and no row without a pattern");
    return done_testing();
}
