/* SPDX-License-Identifier: MIT */
#include "cli/option_value.h"

#include "cli/spelling.h"

#include <string.h>

const struct option *option_find(struct str name)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];

        if (str_eq_c(name, opt->name) || (opt->alias != NULL && str_eq_c(name, opt->alias))) {
            return opt;
        }
    }
    return NULL;
}

static const struct option *option_of_letter(char letter)
{
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].letter == letter || option_table[i].other_letter == letter) {
            return &option_table[i];
        }
    }
    return NULL;
}

const struct option *option_named(const char *arg, const char **value)
{
    struct str rest = str_c(arg);
    struct str name = {0};
    const struct option *opt;
    bool assigned;

    *value = NULL;
    if (!str_starts(rest, "--")) {
        return rest.len == 2 && arg[0] == '-' ? option_of_letter(arg[1]) : NULL;
    }
    rest = str_drop(rest, 2);
    assigned = str_cut(&rest, '=', &name);
    opt = option_find(name);
    *value = opt != NULL && assigned ? rest.p : NULL;
    return opt;
}

const char *option_metavar(const struct option *opt, struct arena *a)
{
    return opt->choices != NULL ? choice_join(opt->choices, '|', a) : opt->metavar;
}

const struct option *option_like(const char *arg)
{
    const struct option *best = NULL;
    struct spelling s;

    if (strncmp(arg, "--", 2) != 0) {
        return NULL;
    }
    spelling_init(&s, str_n(arg + 2, strcspn(arg + 2, "=")));
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        bool near = spelling_offer(&s, opt->name);

        near |= opt->alias != NULL && spelling_offer(&s, opt->alias);
        best = near ? opt : best;
    }
    return best;
}

void option_unset(const struct option *opt, struct opts *o)
{
    memset((char *)o + opt->offset, 0, opt->size);
}

bool option_is_set(const struct option *opt, const struct opts *o)
{
    const char *member = (const char *)o + opt->offset;

    for (size_t i = 0; i < opt->size; i++) {
        if (member[i] != 0) {
            return true;
        }
    }
    return false;
}
