/* SPDX-License-Identifier: MIT */
/* The values of options. test_options.c tests which words are options. */
#include "cli/option_value.h"

#include "tap.h"

#include <string.h>

/* The message about a bad value lists the choices of the row. */
static void a_bad_value_is_answered_with_the_accepted_ones(void)
{
    static const struct {
        const char *name, *message;
    } samples[] = {
        {"engine", "--engine: expected auto, docker or native"},
        {"network", "--network: expected host, bridge or none"},
        {"sync", "--sync: expected auto, none, push, both or all"},
        {"require", "--require: expected full"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct arena a = {0};
        struct opts o = {0};
        struct err e = {0};
        struct setting s = {
            .opt = option_find(str_c(samples[i].name)), .value = "blue", .o = &o, .arena = &a};

        ok(option_set(&s, &e) < 0, "--%s blue is refused", samples[i].name);
        is_str(e.text, samples[i].message, "the message lists the accepted values");
        arena_release(&a);
    }
}

/* Each word of a row is accepted and has a value of its own. */
static void each_choice_has_its_value(void)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        static struct opts o[8];
        size_t count = 0;

        memset(o, 0, sizeof(o));
        for (const struct choice *c = opt->choices; c != NULL && c->word != NULL; c++) {
            struct err e = {0};
            struct setting s = {.opt = opt, .value = c->word, .o = &o[count]};

            ok(option_set(&s, &e) == 0, "--%s %s is accepted: %s", opt->name, c->word, e.text);
            for (size_t k = 0; k < count; k++) {
                ok(memcmp(&o[k], &o[count], sizeof(o[k])) != 0,
                   "its value differs from that of %s", opt->choices[k].word);
            }
            count++;
        }
    }
}

int main(void)
{
    static const struct {
        const char *name;
        const char *value;
        bool good;
    } samples[] = {
        {"env", "A=b", true},         {"env", "A", true},
        {"env", "A=", true},          {"env", "1A=b", false},
        {"env", "=b", false},         {"packages", "figlet,g++", true},
        {"packages", "a", false},     {"packages", "fig let", false},
        {"packages", "-y", false},    {"network", "none", true},
        {"network", "home", false},   {"name", "work.1", true},
        {"name", "fix a/b", true},    {"detach-keys", "ctrl-p,ctrl-q", true},
        {"detach-keys", "no", false}, {"detach-keys", "none", true},
        {"terminal", "safe", true},   {"terminal", "none", false},
        {"record", "a b.cast", true}, {"record", "", false},
        {"name", "a\tb", false},      {"name", "\x7f", false},
        {"image", "", false},         {"sync", "none", true},
        {"sync", "all", true},        {"sync", "push,all", true},
        {"sync", "auto", true},       {"sync", "both", true},
        {"sync", "pull", false},      {"sync", "push,,all", false},
        {"sync", ",", false},         {"engine", "native", true},
        {"engine", "podman", false},  {"require", "full", true},
        {"require", "most", false},   {"require", "full,", false},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct option *opt = option_find(str_c(samples[i].name));
        struct arena a = {0};
        struct opts o = {0};
        struct err e = {0};
        struct setting setting = {.opt = opt, .value = samples[i].value, .o = &o, .arena = &a};
        bool good = option_set(&setting, &e) == 0;

        ok(good == samples[i].good && (good || e.kind == ERR_USAGE), "--%s '%s' is %s",
           opt->name, samples[i].value, samples[i].good ? "accepted" : "refused");
        ok(good || (strstr(e.text, opt->name) != NULL && e.hint[0] != '\0'),
           "a refusal names the option, and its hint has the right form");
        arena_release(&a);
    }
    a_bad_value_is_answered_with_the_accepted_ones();
    each_choice_has_its_value();
    return done_testing();
}
