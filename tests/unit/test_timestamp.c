/* SPDX-License-Identifier: MIT */
#include "wire/timestamp.h"

#include "tap.h"

static void good(const char *text, int64_t want)
{
    int64_t got = -1;

    ok(timestamp_read(str_c(text), &got), "%s is read", text);
    is_int(got, want, "its seconds are right");
}

static void bad(const char *text)
{
    int64_t got = 42;

    ok(!timestamp_read(str_c(text), &got) && got == 42, "'%s' is refused", text);
}

static void writes(int64_t seconds, const char *want)
{
    char out[TIMESTAMP_SIZE];

    timestamp_write(seconds, out);
    is_str(out, want, "the time is written");
}

/* Writes and reads every day of 400 years. */
static void every_day(void)
{
    unsigned wrong = 0;

    for (int64_t day = -60000; day < 86097; day++) {
        char out[TIMESTAMP_SIZE];
        int64_t back = 0;

        timestamp_write(day * 86400 + 4711, out);
        wrong += timestamp_read(str_c(out), &back) && back == day * 86400 + 4711 ? 0U : 1U;
    }
    is_int(wrong, 0, "every day of 400 years is written and read");
}

int main(void)
{
    good("1970-01-01T00:00:00Z", 0);
    good("2026-11-25T13:12:47.123456789Z", 1795612367);
    good("2000-02-29T23:59:60Z", 951868800);
    good("1969-12-31T23:59:59z", -1);
    good("2026-11-25t14:42:47+01:30", 1795612367);
    good("2026-11-25T12:12:47.5-01:00", 1795612367);
    good("0001-01-01T00:00:00Z", -62135596800);
    bad("");
    bad("2026-11-25");
    bad("2026-11-25T13:12:47");
    bad("2026-11-25 13:12:47Z");
    bad("2026-13-01T00:00:00Z");
    bad("2026-02-29T00:00:00Z");
    bad("1900-02-29T00:00:00Z");
    bad("2026-04-31T00:00:00Z");
    bad("2026-01-00T00:00:00Z");
    bad("0000-01-01T00:00:00Z");
    bad("2026-11-25T24:00:00Z");
    bad("2026-11-25T13:60:00Z");
    bad("2026-11-25T13:12:61Z");
    bad("2026-11-25T13:12:47.Z");
    bad("2026-11-25T13:12:47.1");
    bad("2026-11-25T13:12:47+1:30");
    bad("2026-11-25T13:12:47+01:60");
    bad("2026-11-25T13:12:47ZZ");
    bad("+026-11-25T13:12:47Z");
    writes(0, "1970-01-01T00:00:00Z");
    writes(1795612367, "2026-11-25T13:12:47Z");
    writes(951782400, "2000-02-29T00:00:00Z");
    writes(-1, "1969-12-31T23:59:59Z");
    every_day();
    return done_testing();
}
