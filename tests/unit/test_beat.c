/* SPDX-License-Identifier: MIT */
#include "term/beat.h"

#include "tap.h"

static void who_talks_is_not_asked(void)
{
    struct beat b;
    bool quiet = true;

    beat_init(&b);
    for (unsigned i = 0; i < 100; i++) {
        quiet = quiet && beat_step(&b, i, BEAT_MISSED_MAX, 1000 * (int64_t)i) == BEAT_QUIET;
    }
    ok(quiet, "who talks is not asked");
}

static void who_is_silent_is_asked_and_then_lost(void)
{
    struct beat b;
    int64_t now = 5000;
    unsigned asked = 0;
    enum beat_next next = BEAT_QUIET;

    beat_init(&b);
    while (next != BEAT_LOST) {
        next = beat_step(&b, 0, BEAT_MISSED_MAX, now);
        asked += next == BEAT_ASK ? 1U : 0U;
        now += 10;
    }
    ok(asked == BEAT_MISSED_MAX, "who is silent is asked and then lost");
    ok(now - 5000 == BEAT_EVERY_MS * (BEAT_MISSED_MAX + 1) + 10, "after %d ms",
       (int)now - 5000);
}

static void an_answer_starts_over(void)
{
    struct beat b;
    int64_t now = 0;

    beat_init(&b);
    ok(beat_step(&b, 7, 1, now) == BEAT_QUIET, "an answer starts over");
    ok(beat_step(&b, 7, 1, now += BEAT_EVERY_MS) == BEAT_ASK, "an answer starts over");
    ok(beat_step(&b, 8, 1, now += BEAT_EVERY_MS) == BEAT_QUIET, "an answer starts over");
    ok(beat_step(&b, 8, 1, now += BEAT_EVERY_MS) == BEAT_ASK, "an answer starts over");
    ok(beat_step(&b, 8, 1, now + BEAT_EVERY_MS) == BEAT_LOST, "an answer starts over");
}

/* A stop of an hour is one question late, not a lost engine. */
static void time_in_which_we_did_not_run_does_not_count(void)
{
    struct beat b;
    const int64_t hour = 3600000;

    beat_init(&b);
    ok(beat_step(&b, 1, BEAT_MISSED_MAX, 0) == BEAT_QUIET,
       "time in which we did not run does not count");
    ok(beat_step(&b, 1, BEAT_MISSED_MAX, hour) == BEAT_ASK,
       "time in which we did not run does not count");
    ok(beat_step(&b, 1, BEAT_MISSED_MAX, hour + 1) == BEAT_QUIET,
       "time in which we did not run does not count");
    ok(beat_step(&b, 2, BEAT_MISSED_MAX, hour + 2) == BEAT_QUIET,
       "time in which we did not run does not count");
}

static void a_rest_forgets_what_was_asked(void)
{
    struct beat b;

    beat_init(&b);
    (void)beat_step(&b, 1, 1, 0);
    ok(beat_step(&b, 1, 1, BEAT_EVERY_MS) == BEAT_ASK, "a rest forgets what was asked");
    beat_rest(&b);
    ok(b.due_ms == -1, "a rest forgets what was asked");
    ok(beat_step(&b, 1, 1, 10 * BEAT_EVERY_MS) == BEAT_QUIET, "a rest forgets what was asked");
    ok(beat_step(&b, 1, 1, 11 * BEAT_EVERY_MS) == BEAT_ASK, "a rest forgets what was asked");
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
