/* SPDX-License-Identifier: MIT */
#include "term/keepalive.h"

#include "tap.h"

static void a_peer_that_gives_signs_of_life_is_not_asked(void)
{
    struct keepalive b;
    bool quiet = true;

    keepalive_init(&b);
    for (unsigned i = 0; i < 100; i++) {
        quiet = quiet && keepalive_step(&b, i, KEEPALIVE_MISSED_MAX, 1000 * (int64_t)i) ==
                             KEEPALIVE_QUIET;
    }
    ok(quiet, "a peer that gives signs of life is not asked");
}

static void a_silent_peer_is_asked_and_then_lost(void)
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
    ok(asked == KEEPALIVE_MISSED_MAX, "a silent peer is asked several times and then lost");
    ok(now - 5000 == KEEPALIVE_EVERY_MS * (KEEPALIVE_MISSED_MAX + 1) + 10,
       "a silent peer is lost after %d ms", (int)now - 5000);
}

static void an_answer_starts_the_time_again(void)
{
    struct keepalive b;
    int64_t now = 0;

    keepalive_init(&b);
    ok(keepalive_step(&b, 7, 1, now) == KEEPALIVE_QUIET,
       "the first step starts the measurement");
    ok(keepalive_step(&b, 7, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "a peer that is silent for KEEPALIVE_EVERY_MS is asked");
    ok(keepalive_step(&b, 8, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_QUIET,
       "an answer starts the time again");
    ok(keepalive_step(&b, 8, 1, now += KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "a peer that is silent again is asked again");
    ok(keepalive_step(&b, 8, 1, now + KEEPALIVE_EVERY_MS) == KEEPALIVE_LOST,
       "a peer that leaves `max` questions unanswered is lost");
}

/* This process is stopped for an hour. The engine is asked once, and is not lost. */
static void time_in_which_this_process_did_not_run_does_not_count(void)
{
    struct keepalive b;
    const int64_t hour = 3600000;

    keepalive_init(&b);
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, 0) == KEEPALIVE_QUIET,
       "the first step starts the measurement");
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, hour) == KEEPALIVE_ASK,
       "after an hour without a step the peer is asked");
    ok(keepalive_step(&b, 1, KEEPALIVE_MISSED_MAX, hour + 1) == KEEPALIVE_QUIET,
       "the peer then has time to answer");
    ok(keepalive_step(&b, 2, KEEPALIVE_MISSED_MAX, hour + 2) == KEEPALIVE_QUIET,
       "the answer starts the time again");
}

static void a_rest_forgets_earlier_questions(void)
{
    struct keepalive b;

    keepalive_init(&b);
    (void)keepalive_step(&b, 1, 1, 0);
    ok(keepalive_step(&b, 1, 1, KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK, "a silent peer is asked");
    keepalive_rest(&b);
    ok(b.due_ms == -1, "after a rest no time is set");
    ok(keepalive_step(&b, 1, 1, 10 * KEEPALIVE_EVERY_MS) == KEEPALIVE_QUIET,
       "the first step after a rest starts the measurement");
    ok(keepalive_step(&b, 1, 1, 11 * KEEPALIVE_EVERY_MS) == KEEPALIVE_ASK,
       "a rest forgets earlier questions: a silent peer is asked again");
}

int main(void)
{
    a_peer_that_gives_signs_of_life_is_not_asked();
    a_silent_peer_is_asked_and_then_lost();
    an_answer_starts_the_time_again();
    time_in_which_this_process_did_not_run_does_not_count();
    a_rest_forgets_earlier_questions();
    return done_testing();
}
