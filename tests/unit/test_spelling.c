/* SPDX-License-Identifier: MIT */
#include "cli/spelling.h"

#include "tap.h"

static const char *const names[] = {"sessions", "stop", "native", "network", "images"};

static void names_that_are_near_are_found(void)
{
    static const struct {
        const char *word, *best;
    } samples[] = {
        {"sesions", "sessions"},
        {"sessoins", "sessions"},
        {"session", "sessions"},
        {"netwrok", "network"},
        {"nettwork", "network"},
        {"naive", "native"},
        {"stpo", "stop"},
        {"stp", "stop"},
        {"stopps", "stop"},
        {"sessions", NULL},
        {"shop", "stop"},
        {"spots", NULL},
        {"st", NULL},
        {"", NULL},
        {"something", NULL},
        {"sessionssessionssessionssessions", NULL},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct spelling s;

        spelling_init(&s, str_c(samples[i].word));
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            (void)spelling_offer(&s, names[k]);
        }
        is_str(s.best, samples[i].best, samples[i].word);
    }
}

static void the_nearest_name_wins(void)
{
    struct spelling s;

    spelling_init(&s, str_c("networks"));
    ok(spelling_offer(&s, "netwroks1") && spelling_offer(&s, "network"), "a nearer name wins");
    ok(!spelling_offer(&s, "netwerks") && strcmp(s.best, "network") == 0,
       "a name at the same distance does not");
}

int main(void)
{
    names_that_are_near_are_found();
    the_nearest_name_wins();
    return done_testing();
}
