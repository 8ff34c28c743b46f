/* SPDX-License-Identifier: MIT */
#include "cli/spelling.h"

#include <string.h>

enum { WORD_MIN = 3, WORD_MAX = 32, LONG_WORD = 6, TOO_FAR = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns how many letters must be changed, added, left out or swapped with their neighbour
 * (optimal string alignment) to turn a into b. Both are shorter than WORD_MAX. */
static size_t distance(struct str a, struct str b)
{
    unsigned char rows[3][WORD_MAX + 1];
    unsigned char *before = rows[0];
    unsigned char *last = rows[1];
    unsigned char *now = rows[2];

    for (size_t k = 0; k <= b.len; k++) {
        last[k] = (unsigned char)k;
        before[k] = 0;
    }
    for (size_t i = 1; i <= a.len; i++) {
        unsigned char *oldest = before;

        now[0] = (unsigned char)i;
        for (size_t k = 1; k <= b.len; k++) {
            size_t d = last[k - 1] + (a.p[i - 1] == b.p[k - 1] ? 0U : 1U);

            d = least(d, least(last[k], now[k - 1]) + 1U);
            if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1]) {
                d = least(d, before[k - 2] + 1U);
            }
            now[k] = (unsigned char)d;
        }
        before = last;
        last = now;
        now = oldest;
    }
    return last[b.len];
}

void spelling_init(struct spelling *s, struct str word)
{
    *s = (struct spelling){.word = word, .distance = TOO_FAR};
}

bool spelling_offer(struct spelling *s, const char *name)
{
    size_t d;

    if (s->word.len < WORD_MIN || s->word.len >= WORD_MAX || strlen(name) >= WORD_MAX) {
        return false;
    }
    d = distance(s->word, str_c(name));
    if (d == 0 || d >= s->distance || (d > 1 && s->word.len < LONG_WORD)) {
        return false;
    }
    s->best = name;
    s->distance = d;
    return true;
}
