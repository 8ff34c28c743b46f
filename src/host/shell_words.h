/* SPDX-License-Identifier: MIT */
/* Splits a shell command into simple commands and words, to find the programs and files that it
 * names. It is not a shell: quotes, backslashes, operators, redirections, comments and a few
 * variables are understood; globs, arithmetic and here-documents are not. A command
 * substitution outside of quotes counts as commands of its own. The text may be anything; the
 * result is bounded. Pure. */
#ifndef HOST_SHELL_WORDS_H
#define HOST_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum { SHELL_WORDS_MAX = 256, SHELL_WORD_BYTES = 4096 };

struct shell_word {
    /* Without quotes, and with the values of known variables. */
    const char *text;
    bool unknown; /* it contains an expansion whose value is not known, which is left out */
    bool starts;  /* the first word of a simple command */
};

/* The initial state is {0}. */
struct shell_words {
    struct shell_word *list; /* SHELL_WORDS_MAX at most; further words are left out */
    size_t count, cap;
};

/* The value of a variable. */
struct shell_variable {
    const char *name, *value;
};

/* Adds the words of `text` to *out, with strings in the arena. "~" and "~/" at the beginning of
 * a word become `home`. Of the `count` variables, $NAME and ${NAME...} are replaced. Targets of
 * redirections and assignments in front of a command are left out. A word that is longer than
 * SHELL_WORD_BYTES is cut and unknown. */
void shell_words_split(struct str text, const char *home, const struct shell_variable *vars,
                       size_t count, struct arena *a, struct shell_words *out);

#endif
