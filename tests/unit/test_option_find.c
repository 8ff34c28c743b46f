/* SPDX-License-Identifier: MIT */
/* Options are found by every spelling, and nearly right spellings by the option that they
 * resemble. */
#include "cli/options.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

static void spelled(const struct option *opt, const char *name)
{
    char arg[80];
    const char *value = arg;

    ok(option_find(str_c(name)) == opt, "%s", name);
    (void)snprintf(arg, sizeof(arg), "--%s", name);
    ok(option_named(arg, &value) == opt && value == NULL, "--%s", name);
    (void)snprintf(arg, sizeof(arg), "--%s=a=b", name);
    ok(option_named(arg, &value) == opt, "--%s=", name);
    is_str(value, "a=b", "its value");
    (void)snprintf(arg, sizeof(arg), "--%s=", name);
    ok(option_named(arg, &value) == opt && value != NULL && value[0] == '\0', "an empty value");
    (void)snprintf(arg, sizeof(arg), "--%sx", name);
    ok(option_named(arg, &value) != opt, "--%sx is another", name);
}

static void every_spelling_is_found(void)
{
    const char *value;

    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        const char letter[] = {'-', opt->letter, '\0'};

        spelled(opt, opt->name);
        if (opt->alias != NULL) {
            spelled(opt, opt->alias);
        }
        ok(opt->letter == '\0' || option_named(letter, &value) == opt, "%s", letter);
    }
    ok(option_named("-e", &value) != NULL && option_named("-y", &value) != NULL &&
           option_named("-p", &value) == NULL && option_named("-ee", &value) == NULL &&
           option_named("env", &value) == NULL && option_named("-", &value) == NULL &&
           option_named("", &value) == NULL && option_named("--", &value) == NULL &&
           option_named("--=x", &value) == NULL && option_named("-e=x", &value) == NULL,
       "letters, and what is none");
}

static void a_metavar_lists_the_choices(void)
{
    struct arena a = {0};

    is_str(option_metavar(option_find(str_c("network")), &a), "host|bridge|none", "choices");
    is_str(option_metavar(option_find(str_c("memory")), &a), "SIZE", "any value");
    ok(option_metavar(option_find(str_c("quiet")), &a) == NULL, "a flag has none");
    arena_release(&a);
}

static void nearly_right_spellings(void)
{
    static const struct {
        const char *arg;
        const char *like; /* NULL: nothing */
    } samples[] = {
        {"--pakages", "packages"},
        {"--package", "packages"},
        {"--pacakges=jq", "packages"},
        {"--newtork", "network"},
        {"--imgae", "image"},
        {"--imge", "image"},
        {"--dryrun", "dry-run"},
        {"--dockersocket", "docker"},
        {"--alow-oauth-refesh", "allow-oauth-refresh"},
        {"--ennv", "env"},
        {"--packages", NULL}, /* it is one */
        {"--pkg", NULL},
        {"--model", NULL},
        {"--effort", NULL},
        {"--x", NULL},
        {"--", NULL},
        {"-p", NULL},
        {"--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct option *opt = option_like(samples[i].arg);

        if (samples[i].like == NULL) {
            ok(opt == NULL, "%s is like none", samples[i].arg);
        } else {
            is_str(opt == NULL ? "" : opt->name, samples[i].like, samples[i].arg);
        }
    }
}

int main(void)
{
    every_spelling_is_found();
    a_metavar_lists_the_choices();
    nearly_right_spellings();
    return done_testing();
}
