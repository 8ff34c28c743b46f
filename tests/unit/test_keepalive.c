/* SPDX-License-Identifier: MIT */
#include "term/keepalive.h"

#include "tap.h"

static void who_talks_is_not_asked(void)
{
    struct keepalive b;
    bool quiet = true;

    keepalive_init(&b);
    for (unsigned i = 0; i < 100; i++) {
        quiet = quiet && keepalive_step(&b, i, KEEPALIVE_MISSED_MAX, 1000 * (int64_t)i) ==
                             KEEPALIVE_QUIET;
    }
    ok(quiet, "who talks is not asked");
}

static void who_is_silent_is_asked_and_then_lost(void)
{
    struct keepalive b;
    int64_t now = 5000;
    unsigned asked = 0;
    enum keepalive_next next = KEEPALIVE_QUIET;

    keepalive_init(&b);
    while (next != KEEPALIVE_LOST) {
        next = keepalive_step(&b, 0, KEEPALIVE_MISSED_MAX, now);
        asked += next == KEEPALIVE_ASK ? 1U : 0U;
        now += 10;
    }
    ok(asked == KEEPALIVE_MISSED_MAX, "who is silent is asked and then lost");
    ok(now - 5000 == KEEPALIVE_EVERY_MS * (KEEPALIVE_MISSED_MAX + 1) + 10, "after %d ms",
       (int)now - 5000);
}

static void an_answer_starts_over(void)
{
    struct keepalive b;
    int64_t now = 0;

    keepalive_init(&b);
    ok(keepalive_step(&b, 7, 1, now) == KEEPALIVE_QUIET, "an answer starts over");
    ok(keepalive_step(&b, 7, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "an answer starts over");
    ok(keepalive_step(&b, 8, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_QUIET,
       "an answer starts over");
    ok(keepalive_step(&b, 8, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "an answer starts over");
    ok(keepalive_step(&b, 8, 1, now + KEEPALIVE_EVERY_MS) == KEEPALIVE_LOST,
       "an answer starts over");
}

/* A stop of an hour is one question late, not a lost engine. */
static void time_in_which_we_did_not_run_does_not_count(void)
{
    struct keepalive b;
    const int64_t hour = 3600000;

    keepalive_init(&b);
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, 0) == KEEPALIVE_QUIET,
       "time in which we did not run does not count");
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, hour) == KEEPALIVE_ASK,
       "time in which we did not run does not count");
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, hour + 1) == KEEPALIVE_QUIET,
       "time in which we did not run does not count");
    ok(keepalive_step(&b, 2, KEEPALIVE_MISSED_MAX, hour + 2) == KEEPALIVE_QUIET,
       "time in which we did not run does not count");
}

static void a_rest_forgets_what_was_asked(void)
{
    struct keepalive b;

    keepalive_init(&b);
    (void)keepalive_step(&b, 1, 1, 0);
    ok(keepalive_step(&b, 1, 1, KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "a rest forgets what was asked");
    keepalive_rest(&b);
    ok(b.due_ms == -1, "a rest forgets what was asked");
    ok(keepalive_step(&b, 1, 1, 10 * KEEPALIVE_EVERY_MS) == KEEPALIVE_QUIET,
       "a rest forgets what was asked");
    ok(keepalive_step(&b, 1, 1, 11 * KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "a rest forgets what was asked");
}

int main(void)
{
    who_talks_is_not_asked();
    who_is_silent_is_asked_and_then_lost();
    an_answer_starts_over();
    time_in_which_we_did_not_run_does_not_count();
    a_rest_forgets_what_was_asked();
    return done_testing();
}
