/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include "tap.h"

int main(void)
{
    int64_t a = clock_us();
    int64_t b = clock_ms();

    ok(clock_us() >= a && clock_ms() >= b, "the clock does not go back");
    ok(clock_wall() > 1600000000, "clock_wall() is a time of this century");
    is_int(clock_poll_timeout(-1), -1, "without a deadline the timeout is -1");
    is_int(clock_poll_timeout(clock_ms() - 5), 0, "a deadline in the past gives the timeout 0");
    ok(clock_poll_timeout(clock_ms() + 100000) > 90000,
       "a deadline in the future gives the time that is left");
    ok(clock_poll_timeout(INT64_MAX) > 0,
       "a deadline beyond the range of poll(2) gives a positive timeout");
    ok(clock_earlier(3, 5) == 3 && clock_earlier(5, 3) == 3 && clock_earlier(-1, 5) == 5 &&
           clock_earlier(5, -1) == 5 && clock_earlier(-1, -1) == -1,
       "clock_earlier() ignores negative values");
    return done_testing();
}
