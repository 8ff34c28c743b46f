/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <string.h>

enum { WORD_MAX = 32, SHORT_WORD = 6 };

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
        if (option_table[i].letter == letter) {
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

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns how many letters must be changed, added, left out or swapped with their neighbour
 * (optimal string alignment) to turn a into b. Both are shorter than WORD_MAX. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned char rows[3][WORD_MAX + 1];
    unsigned char *before = rows[0];
    unsigned char *last = rows[1];
    unsigned char *now = rows[2];

    for (size_t k = 0; k <= b_len; k++) {
        last[k] = (unsigned char)k;
        before[k] = 0;
    }
    for (size_t i = 1; i <= a_len; i++) {
        unsigned char *oldest = before;

        now[0] = (unsigned char)i;
        for (size_t k = 1; k <= b_len; k++) {
            size_t d = last[k - 1] + (a[i - 1] == b[k - 1] ? 0U : 1U);

            d = least(d, least(last[k], now[k - 1]) + 1U);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
                d = least(d, before[k - 2] + 1U);
            }
            now[k] = (unsigned char)d;
        }
        before = last;
        last = now;
        now = oldest;
    }
    return last[b_len];
}

const struct option *option_like(const char *arg)
{
    const struct option *best = NULL;
    size_t best_distance = 3;
    size_t len;

    if (strncmp(arg, "--", 2) != 0) {
        return NULL;
    }
    arg += 2;
    len = strcspn(arg, "=");
    if (len < 3 || len >= WORD_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < option_count; i++) {
        const char *const names[] = {option_table[i].name, option_table[i].alias};

        for (size_t k = 0; k < 2; k++) {
            size_t d =
                names[k] == NULL ? WORD_MAX : distance(arg, len, names[k], strlen(names[k]));

            if (d > 0 && d < best_distance && (d == 1 || len >= SHORT_WORD)) {
                best = &option_table[i];
                best_distance = d;
            }
        }
    }
    return best;
}
