/* SPDX-License-Identifier: MIT */
/* The options: found by every spelling, whole, none twice. */
#include "cli/options.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

static void spelled(const struct option *opt, const char *name)
{
    char arg[80];
    const char *value = arg;

    (void)snprintf(arg, sizeof(arg), "--%s", name);
    ok(option_named(arg, &value) == opt && value == NULL, "--%s", name);
    (void)snprintf(arg, sizeof(arg), "--%s=a=b", name);
    ok(option_named(arg, &value) == opt, "--%s=", name);
    is_str(value, "a=b", "its value");
    (void)snprintf(arg, sizeof(arg), "--%sx", name);
    ok(option_named(arg, &value) != opt, "--%sx is another", name);
}

int main(void)
{
    uint64_t seen = 0;
    const char *value;

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        ok((seen >> opt->id & 1) == 0 && opt->commands != 0, "--%s is there once", opt->name);
        seen |= (uint64_t)1 << opt->id;
        spelled(opt, opt->name);
        if (opt->alias != NULL) {
            spelled(opt, opt->alias);
        }
        ok(strlen(opt->help) <= 49, "its help fits beside it: %zu", strlen(opt->help));
        ok(opt->value == NULL || opt->flag == FLAG_NONE, "a value or a flag");
        ok(opt->complete != COMPLETE_WORDS ||
               opt->value[strspn(opt->value, "abcdefghijklmnopqrstuvwxyz|")] == '\0',
           "words to complete");
        ok(strstr(opt->example, opt->name) != NULL, "its example shows it");
    }
    ok(option_count == OPT_COUNT, "each number has one");
    ok(option_named("-e", &value) != NULL && option_named("-y", &value) != NULL &&
           option_named("-p", &value) == NULL && option_named("-ee", &value) == NULL &&
           option_named("env", &value) == NULL && option_named("-", &value) == NULL &&
           option_named("", &value) == NULL && option_named("--", &value) == NULL,
       "letters, and what is none");
    return done_testing();
}
