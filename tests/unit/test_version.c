/* SPDX-License-Identifier: MIT */
#include "wire/version.h"

#include "tap.h"

static void versions_are_ordered(void)
{
    /* Each version comes before the next one. */
    static const char *const sorted[] = {
        "0.0.1",         "0.0.2",         "0.1.0-alpha",    "0.1.0-alpha.1",
        "0.1.0-alpha.2", "0.1.0-alpha.9", "0.1.0-alpha.10", "0.1.0-alpha.beta",
        "0.1.0-beta",    "0.1.0-beta.2",  "0.1.0-beta.11",  "0.1.0-rc.1",
        "0.1.0",         "0.1.9",         "0.1.10",         "0.2.0",
        "1.0.0-0",       "1.0.0-1",       "1.0.0-9",        "1.0.0-10",
        "1.0.0-99",      "1.0.0-100",     "1.0.0--",        "1.0.0-AZ09az",
        "1.0.0",         "2.0.0",         "10.0.0",
    };
    enum { COUNT = sizeof(sorted) / sizeof(sorted[0]) };
    struct version v[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        ok(version_parse(str_c(sorted[i]), &v[i]), "%s is a version", sorted[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        bool right = true;

        for (size_t k = 0; k < COUNT; k++) {
            int order = version_cmp(&v[i], &v[k]);

            right = right && (i < k ? order < 0 : i > k ? order > 0 : order == 0);
        }
        ok(right, "%s has its place in the order", sorted[i]);
    }
}

int main(void)
{
    static const char *const refused[] = {
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.02.3",
        "1.2.03",
        "v1.2.3",
        "1.2.3-",
        "1.2.3+",
        "1.2.x",
        "1.2.3-a..b",
        "1.2.3-01",
        "1.2.3-a.01",
        " 1.2.3",
        "1.2.3 ",
        "1.2.3\n",
        "-1.2.3",
        "1.-2.3",
        "1..3",
        "1.2.3-a_b",
        "1.2.3+a+b",
        "1.2.3+\xc3\xa9",
        "1.2.3-\x80",
        "99999999999.0.0",
        "1.2.3-.",
        "+1.2.3",
        "1.2.3-1234567890123456789012345678901234567890123456789012345678901234567890",
    };
    struct version a = {.major = 7};
    struct version b;

    versions_are_ordered();
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        ok(!version_parse(str_c(refused[i]), &a), "refused: '%s'", refused[i]);
    }
    is_int((long long)a.major, 7, "a refused text leaves *v unchanged");
    ok(version_parse(str_c("1.2.3-rc.1+001.x-y"), &a) && str_eq_c(a.pre, "rc.1"),
       "build metadata is not part of the pre-release");
    ok(version_parse(str_c("1.2.3-rc.1"), &b) && version_cmp(&a, &b) == 0,
       "build metadata is ignored by the comparison");
    return done_testing();
}
