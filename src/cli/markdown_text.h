/* SPDX-License-Identifier: MIT */
/* The manual's Markdown (markdown.h) as text for a terminal or a file. Pure. */
#ifndef CLI_MARKDOWN_TEXT_H
#define CLI_MARKDOWN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/wrap.h"

enum { MARKDOWN_COLUMNS_MIN = 20, MARKDOWN_COLUMNS_MAX = 400 };

struct markdown_look {
    size_t columns; /* of a line: MARKDOWN_COLUMNS_MIN to MARKDOWN_COLUMNS_MAX */
    bool bold;      /* headings, bold text and code are printed in bold */
};

/* Adds a whole page. Headings begin at the left margin, everything else is indented. A link is
 * its text with the target behind it; a link to another page names the command that prints that
 * page. Code keeps its lines, however long they are. Returns 0 on success and -1 on error;
 * `out` then has a part of the page. ERR_FORMAT means that the page leaves the subset,
 * ERR_LIMIT that `out` would exceed its maximum. */
int markdown_text(struct str page, const struct markdown_look *look, struct buf *out,
                  struct err *e);

/* Adds the words of one text (a paragraph, an item, a cell) to a paragraph that is being
 * filled. `in_table` is that of markdown_spans_init(). `bold` prints all of it in bold. Returns
 * 0 on success and -1 with ERR_FORMAT on error. */
int markdown_words(struct str text, bool in_table, bool bold, const struct markdown_look *look,
                   struct wrap *w, struct err *e);

/* Adds a table (the text of a block), each line behind `indent` blanks. If not all columns have
 * room, cells are wrapped; if that would make columns too narrow, each row becomes its first
 * cell with the other cells below it. Returns and fails as markdown_text() does. */
int markdown_table(struct str rows, size_t indent, const struct markdown_look *look,
                   struct buf *out, struct err *e);

#endif
