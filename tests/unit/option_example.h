/* SPDX-License-Identifier: MIT */
/* Sets an option to the value of its example. */
#ifndef TEST_OPTION_EXAMPLE_H
#define TEST_OPTION_EXAMPLE_H

#include "cli/option_value.h"

#include <string.h>

/* The value of the first form of the example: "8080" of "--publish 8080, --publish 8080:80". */
static const char *example_of(const struct option *opt, struct arena *a)
{
    struct str rest = str_c(strchr(opt->example, ' ') + 1);
    struct str value = {0};

    if (strcmp(opt->name, "build-arg") == 0) {
        return "A=b"; /* The one of the example, BASE, is stored as --base. */
    }
    (void)str_cut(&rest, ' ', &value);
    if (str_ends(value, ",")) {
        value.len--;
    }
    return arena_str(a, value);
}

static int set_example(const struct option *opt, struct opts *o, struct arena *a, struct err *e)
{
    struct setting s = {.opt = opt, .o = o, .arena = a};

    if (option_has_value(opt)) {
        s.value = example_of(opt, a);
    }
    return option_set(&s, e);
}

#endif
