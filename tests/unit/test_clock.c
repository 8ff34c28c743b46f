/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include "tap.h"

int main(void)
{
    int64_t a = clock_us();
    int64_t b = clock_ms();

    ok(clock_us() >= a && clock_ms() >= b, "never goes back");
    ok(clock_wall() > 1600000000, "the wall's clock is in this century");
    is_int(clock_poll_timeout(-1), -1, "no deadline");
    is_int(clock_poll_timeout(clock_ms() - 5), 0, "a passed one");
    ok(clock_poll_timeout(clock_ms() + 100000) > 90000, "one to come");
    ok(clock_poll_timeout(INT64_MAX) > 0, "one so far away that poll cannot say it");
    ok(clock_earlier(3, 5) == 3 && clock_earlier(5, 3) == 3 && clock_earlier(-1, 5) == 5 &&
           clock_earlier(5, -1) == 5 && clock_earlier(-1, -1) == -1,
       "the earlier of two");
    return done_testing();
}
