/* SPDX-License-Identifier: MIT */
/* Lists of the words that an option or a command accepts. Pure. */
#ifndef CLI_CHOICE_H
#define CLI_CHOICE_H

#include "base/arena.h"
#include "base/str.h"

/* An accepted word and the value that it stands for. A NULL word ends a list. */
struct choice {
    const char *word;
    int value;
};

/* Returns the choice of this word, or NULL if the list does not contain it. */
const struct choice *choice_find(const struct choice *choices, struct str word);

/* Returns the words of the list with `separator` between them, in the arena. The list must have
 * at least one word. */
const char *choice_join(const struct choice *choices, char separator, struct arena *a);

/* Returns the words as "a", "a or b" or "a, b or c", in the arena. Used in messages that list
 * the accepted words. */
const char *choice_words(const struct choice *choices, struct arena *a);

#endif
