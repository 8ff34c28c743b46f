/* SPDX-License-Identifier: MIT */
#include "base/rlimits.h"

#include "child.h"
#include "tap.h"

#include <sys/resource.h>

static bool has_limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit now = {0};

    return getrlimit(resource, &now) == 0 && now.rlim_cur == soft && now.rlim_max == hard;
}

/* Runs in a child. Returns 0 on success. */
static int values_are_set(void)
{
    struct err e = {0};

    return rlimits_set("nofile 20 30", &e) == 0 && has_limit(RLIMIT_NOFILE, 20, 30) ? 0 : 1;
}

/* Runs in a child. Returns 0 on success. */
static int values_above_the_hard_limit_are_lowered(void)
{
    const struct rlimit low = {20, 30};
    struct err e = {0};

    return setrlimit(RLIMIT_NOFILE, &low) == 0 && rlimits_set("nofile 25 40", &e) == 0 &&
                   has_limit(RLIMIT_NOFILE, 25, 30) &&
                   rlimits_set("nofile unlimited unlimited", &e) == 0 &&
                   has_limit(RLIMIT_NOFILE, 30, 30)
               ? 0
               : 1;
}

/* Runs in a child. Returns 0 if all limits that were read can be set again after some of them
 * were lowered. */
static int text_that_was_read_is_set(void)
{
    const struct rlimit low = {5, 7};
    struct arena a = {0};
    struct strv all = {0};
    struct err e = {0};

    if (setrlimit(RLIMIT_CORE, &low) < 0) {
        return 1;
    }
    rlimits_read(&all, &a);
    if (all.count != 9 || !strv_has(&all, "core 5 7")) {
        return 2;
    }
    for (size_t i = 0; i < all.count; i++) {
        if (rlimits_set(all.v[i], &e) < 0) {
            return 3;
        }
    }
    arena_release(&a);
    return has_limit(RLIMIT_CORE, 5, 7) ? 0 : 4;
}

int main(void)
{
    static const char *const bad[] = {"",
                                      "nofile",
                                      "nofile 1",
                                      "nofile 1 ",
                                      "nofile -1 2",
                                      "nofile 1 2 3",
                                      "nofiles 1 2",
                                      "fsize x 1",
                                      "core unlimited infinite",
                                      "NOFILE 1 2",
                                      "nofile 99999999999999999999 1"};

    is_int(in_child(values_are_set), 0, "both values of a limit are set");
    is_int(in_child(values_above_the_hard_limit_are_lowered), 0,
           "values above the hard limit become the hard limit");
    is_int(in_child(text_that_was_read_is_set), 0, "limits are read, and can be set again");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = {0};

        ok(rlimits_set(bad[i], &e) < 0 && e.kind == ERR_FORMAT, "\"%s\" is refused", bad[i]);
    }
    return done_testing();
}
