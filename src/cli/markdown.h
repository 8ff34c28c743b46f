/* SPDX-License-Identifier: MIT */
/* Reads the subset of Markdown in which the manual (src/manual) is written:
 *
 *   - headings: "# ", "## " and "### ";
 *   - paragraphs;
 *   - lists of "- " or "1. ", of one level; continuation lines are indented;
 *   - code between lines of three backquotes;
 *   - tables: each row begins and ends with "|", the second row consists of dashes, and "\|"
 *     is a "|" in a cell;
 *   - in all of these but code: `code`, **bold** and [text](target).
 *
 * An empty line separates blocks; items of a list need none. Everything else that GitHub would
 * show in another way than this reader is ERR_FORMAT: nested lists, HTML, images, *emphasis*,
 * escapes. The reader gives views into the page, which must outlive them. It does not recurse.
 * Pure. */
#ifndef CLI_MARKDOWN_H
#define CLI_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { MARKDOWN_CELLS = 8 }; /* in a row of a table */

enum markdown_kind {
    MARKDOWN_HEADING,
    MARKDOWN_PARAGRAPH,
    MARKDOWN_ITEM,
    MARKDOWN_CODE,
    MARKDOWN_TABLE
};

struct markdown_block {
    enum markdown_kind kind;
    unsigned level;  /* of a heading: 1 to 3 */
    unsigned number; /* of an item: as written; 0: an item with "-" */
    bool tight;      /* no empty line stands before it: the next item of a list */
    /* Heading, paragraph, item: the text without "# " or "- ", for markdown_span(). Code: the
     * lines between the backquotes. Table: all rows, for markdown_row(). */
    struct str text;
};

/* The place in a page. */
struct markdown {
    struct str rest;
    unsigned line; /* number of the line where `rest` begins, from 1 */
};

/* Starts at the beginning of a page. */
void markdown_init(struct markdown *m, struct str page);

/* Reads the next block. Returns 1 if there is one and 0 at the end of the page. Returns -1 with
 * ERR_FORMAT, which begins with the number of the line, if the page leaves the subset; *b is
 * then not set. Text in blocks is not looked at: markdown_span() does that. */
int markdown_next(struct markdown *m, struct markdown_block *b, struct err *e);

/* The cells of a row, without the blanks around them. */
struct markdown_row {
    struct str cells[MARKDOWN_CELLS];
    size_t count; /* the same in all rows of a table; at least 2 */
};

/* Reads the next row of a table from *rows, which is first the text of the block: the row of
 * names, then the others. The row of dashes is left out. Returns false at the end. */
bool markdown_row(struct str *rows, struct markdown_row *row);

/* A piece of text in one style. The text of a link comes first, in one span or more; the
 * `target` follows with the last of them, whose text may be empty. */
struct markdown_span {
    struct str text; /* blanks and line breaks as they are written */
    bool bold;
    bool code;
    struct str target; /* of a link that ends here; empty: none */
};

/* The place in a text. */
struct markdown_spans {
    struct str rest;
    bool in_table; /* "\|" is "|" */
    bool bold, code, link;
};

/* Starts at the beginning of a text: of a block, or of a cell of a table (`in_table`). */
void markdown_spans_init(struct markdown_spans *in, struct str text, bool in_table);

/* Reads the next span. Returns 1 if there is one and 0 at the end. Returns -1 with ERR_FORMAT
 * if the text leaves the subset: something is not closed, or would be emphasis, HTML or an
 * image. */
int markdown_span(struct markdown_spans *in, struct markdown_span *out, struct err *e);

#endif
