/* SPDX-License-Identifier: MIT */
/* Text and the manual's Markdown (markdown.h) as roff, with the macros of man(7). groff and
 * mandoc accept the result without warnings. Pure. */
#ifndef CLI_ROFF_H
#define CLI_ROFF_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds text that is printed with exactly its characters: roff finds no request and no escape in
 * it, and each '-' can be copied into a shell. The text may contain line breaks. */
void roff_text(struct buf *out, struct str text);

/* Adds one text in Markdown (a paragraph, an item, a cell) in lines of its own. `in_table` is
 * that of markdown_spans_init(). A link to another page of the manual names the section that
 * the page has in cco(1). Returns 0 on success and -1 with ERR_FORMAT on error. */
int roff_words(struct buf *out, struct str text, bool in_table, struct err *e);

/* Adds blocks of Markdown, except for headings of the first level. A table becomes a list: the
 * first cell of each row with the other cells below it. Returns 0 on success and -1 on error;
 * `out` then has a part of the text. ERR_FORMAT means that the text leaves the subset,
 * ERR_LIMIT that `out` would exceed its maximum. */
int roff_blocks(struct buf *out, struct str text, struct err *e);

/* Adds a page as a section: `name` in capital letters is its heading, in place of the page's
 * title. Returns and fails as roff_blocks() does. */
int roff_page(struct buf *out, struct str name, struct str page, struct err *e);

#endif
