/* SPDX-License-Identifier: MIT */
/* Finds the word that the user probably meant. Pure. */
#ifndef CLI_SPELLING_H
#define CLI_SPELLING_H

#include <stddef.h>

#include "base/str.h"

/* A word that is like `word`, among those that spelling_offer() got. */
struct spelling {
    struct str word;
    const char *best; /* the nearest word so far; NULL: none is near */
    size_t distance;  /* of `best` */
};

/* Starts the search for a word that is like `word`, which is borrowed. */
void spelling_init(struct spelling *s, struct str word);

/* Considers `name`, which is borrowed. It becomes s->best if it is nearer to the word than all
 * names before it: one letter changed, added, left out or swapped with its neighbour, or two if
 * the word has six letters or more. An equal name is not near, and words of fewer than 3 or
 * more than 31 bytes have no near name. Returns whether it became s->best. */
bool spelling_offer(struct spelling *s, const char *name);

#endif
