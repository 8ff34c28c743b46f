/* SPDX-License-Identifier: MIT */
#include "base/timing.h"

#include "tap.h"

int main(void)
{
    struct timing t;

    timing_start(&t);
    is_int((long long)t.count, 0, "no step is recorded at first");
    timing_mark(&t, "one");
    timing_mark(&t, "two");
    ok(t.count == 2 && strcmp(t.steps[1].step, "two") == 0,
       "steps are recorded in their order");
    ok(t.steps[0].us >= 0 && t.steps[1].us >= 0, "no step has a negative duration");
    for (int i = 0; i < 2 * TIMING_MAX; i++) {
        timing_mark(&t, "more");
    }
    is_int((long long)t.count, TIMING_MAX, "steps beyond the maximum are not recorded");
    timing_print(&t);
    return done_testing();
}
