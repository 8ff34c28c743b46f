/* SPDX-License-Identifier: MIT */
/* Fills lines of a given width with words, as a terminal shows them. Text is UTF-8, and each
 * code point counts as one column. Pure. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum { WRAP_WORD_MAX = 4096 };

/* One paragraph that is being filled. */
struct wrap {
    struct buf *out;     /* borrowed; text that exceeds its maximum sets out->overflowed */
    size_t indent;       /* blanks before each line but the first, which the caller begins */
    size_t columns;      /* of a whole line, the indent included */
    size_t column;       /* where the next character of the line goes */
    bool in_line;        /* the line has a word, so a blank precedes the next one */
    struct buf word;     /* the word that is not complete yet, with its escape sequences */
    size_t word_columns; /* its width */
};

/* Starts a paragraph at column `column` of a line whose beginning the caller has written (the
 * indent of a first line included). The next lines get `indent` blanks. `columns` is the width
 * of a line; a word that is wider has a line of its own. */
void wrap_init(struct wrap *w, struct buf *out, size_t column, size_t indent, size_t columns);

/* Adds text. Blanks and line breaks in it separate words; a word may come in several calls.
 * `bold` prints it with the escape sequence for bold (SGR 1). */
void wrap_text(struct wrap *w, struct str text, bool bold);

/* Writes the rest and ends the line. Releases what w holds, so that w needs wrap_init() again.
 */
void wrap_end(struct wrap *w);

/* Returns how many columns a line takes: code points, without escape sequences of SGR. */
size_t wrap_columns(struct str line);

#endif
