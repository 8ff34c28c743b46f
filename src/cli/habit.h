/* SPDX-License-Identifier: MIT */
/* Recognizes a word that claude would take as a prompt, or as a command of its own, although
 * the user probably means a command of cco's. The word resembles such a command ("sesions"), or
 * other programs have a command of that name ("build"). Claude would work on such a prompt
 * without asking for permissions. Words with which a prompt often begins ("run", "start",
 * "kill") are left out. Pure. */
#ifndef CLI_HABIT_H
#define CLI_HABIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/opts.h"

/* A word that the user probably did not mean as a prompt. */
struct habit {
    const char *word; /* as the user wrote it */
    int at;           /* its index in argv */
    /* The words that probably are meant, with one blank between them, as they follow "cco" on a
     * command line ("image build"). NULL: no command of cco's does that. */
    const char *instead;
    const char *text; /* a sentence about what the user can do */
    bool of_claude;   /* the word runs a command of claude's; otherwise it is a prompt */
};

/* Looks at a parsed command line that runs claude: `argv` with `argc` words, and the options
 * `o` that options_parse() made of it. Returns true and sets *out if the first word for claude
 * is such a word, and if nothing follows it but options that claude does not know or, for some
 * words, words of the command that is meant. So it returns true for "build" and "exec ls", and
 * false for "build the docs". Words after "--" are never examined. Strings of *out are
 * constants, those of `argv`, or in the arena. Never blocks. */
bool habit_find(int argc, char *const *argv, const struct opts *o, struct arena *a,
                struct habit *out);

/* Returns `argv` with the words of h->instead in place of the user's word, in the arena, and
 * sets *argc to their number. The words end with NULL. h->instead must not be NULL. */
char **habit_replace(const struct habit *h, int *argc, char *const *argv, struct arena *a);

#endif
