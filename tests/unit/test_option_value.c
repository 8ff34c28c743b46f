/* SPDX-License-Identifier: MIT */
/* Values of options; which word is one: test_options.c. */
#include "cli/option_value.h"

#include "tap.h"

#include <string.h>

static const struct option *option_of(enum option_id id)
{
    const struct option *found = NULL;

    for (size_t i = 0; i < option_count; i++) {
        found = option_table[i].id == id ? &option_table[i] : found;
    }
    return found;
}

int main(void)
{
    static const struct {
        enum option_id id;
        const char *value;
        bool good;
    } samples[] = {
        {OPT_ENV, "A=b", true},         {OPT_ENV, "A", true},
        {OPT_ENV, "A=", true},          {OPT_ENV, "1A=b", false},
        {OPT_ENV, "=b", false},         {OPT_PACKAGES, "figlet,g++", true},
        {OPT_PACKAGES, "a", false},     {OPT_PACKAGES, "fig let", false},
        {OPT_PACKAGES, "-y", false},    {OPT_NETWORK, "none", true},
        {OPT_NETWORK, "home", false},   {OPT_NAME, "work.1", true},
        {OPT_NAME, "a/b", false},       {OPT_DETACH_KEYS, "ctrl-p,ctrl-q", true},
        {OPT_DETACH_KEYS, "no", false}, {OPT_DETACH_KEYS, "none", true},
        {OPT_RECORD, "a b.cast", true}, {OPT_RECORD, "", false},
        {OPT_IMAGE, "", false},         {OPT_SYNC, "none", true},
        {OPT_SYNC, "all", true},        {OPT_SYNC, "push,all", true},
        {OPT_SYNC, "auto", true},       {OPT_SYNC, "both", true},
        {OPT_SYNC, "pull", false},      {OPT_SYNC, "push,,all", false},
        {OPT_SYNC, ",", false},         {OPT_ENGINE, "native", true},
        {OPT_ENGINE, "podman", false},  {OPT_REQUIRE, "full", true},
        {OPT_REQUIRE, "most", false},   {OPT_REQUIRE, "full,", false},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct option *opt = option_of(samples[i].id);
        struct arena a = {0};
        struct opts o = {0};
        struct err e = {0};
        bool good = option_set_value(&a, &o, opt, samples[i].value, &e) == 0;

        ok(good == samples[i].good && (good || e.kind == ERR_USAGE), "--%s '%s' is %s",
           opt->name, samples[i].value, samples[i].good ? "taken" : "refused");
        ok(good || (strstr(e.text, opt->name) != NULL && e.hint[0] != '\0'),
           "and its name told, with the right form");
        arena_release(&a);
    }
    return done_testing();
}
