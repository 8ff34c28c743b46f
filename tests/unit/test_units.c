/* SPDX-License-Identifier: MIT */
#include "cli/units.h"

#include "tap.h"

static void part(uint64_t n, uint64_t total, const char *want)
{
    char out[UNITS_MAX];

    is_str(units_part(n, total, out), want, want);
}

static void duration(int64_t s, const char *want)
{
    char out[UNITS_MAX];

    is_str(units_time(s, out), want, want);
}

static void bytes(void)
{
    static const struct {
        uint64_t n;
        const char *text;
    } all[] = {{0, "0 B"},
               {999, "999 B"},
               {1000, "1.0 kB"},
               {99950, "99.9 kB"},
               {120431181, "120 MB"},
               {2132000000, "2.1 GB"},
               {UINT64_MAX, "18.4 EB"}};
    char out[UNITS_MAX];

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        is_str(units_bytes(all[i].n, out), all[i].text, "a number of bytes is readable");
    }
}

int main(void)
{
    char out[UNITS_MAX];

    bytes();
    is_str(units_seconds(0, out), "0.0 s", "no time is 0.0 s");
    is_str(units_seconds(61999, out), "61.9 s", "tenths of a second are cut");
    part(999949, 999949, "999.9 of 999.9 kB");
    part(999950, 999950, "1.0 of 1.0 MB");
    part(0, 124416000, "0.0 of 124.4 MB");
    part(56300000, 124416000, "56.3 of 124.4 MB");
    part(7, 9, "7 of 9 B");
    part(UINT64_MAX, UINT64_MAX, "18.4 of 18.4 EB");
    duration(-5, "0s");
    duration(59, "59s");
    duration(60, "1m00s");
    duration(3599, "59m59s");
    duration(3600, "1h00m");
    duration(86399, "23h59m");
    duration(86400, "1d0h");
    duration(90000000, "1041d16h");
    return done_testing();
}
