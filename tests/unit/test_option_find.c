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

    ok(option_find(str_c(name)) == opt, "%s is found", name);
    (void)snprintf(arg, sizeof(arg), "--%s", name);
    ok(option_named(arg, &value) == opt && value == NULL, "--%s has no value", name);
    (void)snprintf(arg, sizeof(arg), "--%s=a=b", name);
    ok(option_named(arg, &value) == opt, "--%s=a=b is found", name);
    is_str(value, "a=b", "the value is the text after the first =");
    (void)snprintf(arg, sizeof(arg), "--%s=", name);
    ok(option_named(arg, &value) == opt && value != NULL && value[0] == '\0',
       "--%s= has an empty value", name);
    (void)snprintf(arg, sizeof(arg), "--%sx", name);
    ok(option_named(arg, &value) != opt, "--%sx is not the option", name);
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
        ok(opt->letter == '\0' || option_named(letter, &value) == opt, "%s is found", letter);
    }
    ok(option_named("-e", &value) != NULL && option_named("-y", &value) != NULL &&
           option_named("-p", &value) == NULL && option_named("-ee", &value) == NULL &&
           option_named("env", &value) == NULL && option_named("-", &value) == NULL &&
           option_named("", &value) == NULL && option_named("--", &value) == NULL &&
           option_named("--=x", &value) == NULL && option_named("-e=x", &value) == NULL,
       "only a dash and one letter of an option is a short option");
}

static void a_metavar_lists_the_choices(void)
{
    struct arena a = {0};

    is_str(option_metavar(option_find(str_c("network")), &a), "host|bridge|none",
           "an option with choices shows them");
    is_str(option_metavar(option_find(str_c("memory")), &a), "SIZE",
           "an option without choices shows its metavar");
    ok(option_metavar(option_find(str_c("quiet")), &a) == NULL, "a flag has no metavar");
    arena_release(&a);
}

static void nearly_right_spellings(void)
{
    static const struct {
        const char *arg;
        const char *like; /* the name of the option that it resembles; NULL: none */
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
        {"--packages", NULL}, /* it is an option itself */
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
            ok(opt == NULL, "%s resembles no option", samples[i].arg);
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
