/* SPDX-License-Identifier: MIT */
#include "cli/markdown.h"

#include "base/num.h"

#include <string.h>

enum { HEADING_MAX = 3, ITEM_MAX = 999, QUOTED_MAX = 40 };

#define FENCE "```"

void markdown_init(struct markdown *m, struct str page)
{
    *m = (struct markdown){.rest = page, .line = 1};
}

static int bad(const struct markdown *m, const char *problem, struct err *e)
{
    return err_set(e, ERR_FORMAT, "line %u: %s", m->line, problem);
}

/* Returns the next line without its line break. The line is not consumed. */
static struct str peek(const struct markdown *m)
{
    struct str rest = m->rest;
    struct str line = {0};

    (void)str_cut(&rest, '\n', &line);
    return line;
}

/* Consumes the next line. */
static void skip(struct markdown *m)
{
    struct str line = {0};

    (void)str_cut(&m->rest, '\n', &line);
    m->line++;
}

static bool at_end(const struct markdown *m)
{
    return m->rest.len == 0;
}

/* Returns how many times `c` stands at the start of s. */
static size_t leading(struct str s, char c)
{
    size_t n = 0;

    while (n < s.len && s.p[n] == c) {
        n++;
    }
    return n;
}

/* Returns how many bytes "- " or "12. " takes at the start of the line, and 0 if it has
 * neither. Sets *number. */
static size_t marker(struct str line, unsigned *number)
{
    size_t digits = 0;
    uint64_t n = 0;

    *number = 0;
    if (str_starts(line, "- ")) {
        return 2;
    }
    while (digits < line.len && line.p[digits] >= '0' && line.p[digits] <= '9') {
        digits++;
    }
    if (digits == 0 || !str_starts(str_drop(line, digits), ". ") ||
        !str_u64(str_n(line.p, digits), 10, ITEM_MAX, &n)) {
        return 0;
    }
    *number = (unsigned)n;
    return digits + 2;
}

/* Returns whether a line cannot continue a paragraph, because Markdown reads it as the
 * beginning of something else. A list that begins in a paragraph has the number 1. */
static bool begins_block(struct str line)
{
    static const char *const starts[] = {"#",  ">",   "|",   FENCE, "* ", "+ ",
                                         "==", "---", "***", "___", "~~~"};
    unsigned number;

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (str_starts(line, starts[i])) {
            return true;
        }
    }
    return line.len > 0 &&
           (str_is_blank(line.p[0]) || (marker(line, &number) > 0 && number <= 1));
}

/* Returns 0 if a block can end here: at an empty line or at the end of the page. */
static int check_end(const struct markdown *m, struct err *e)
{
    return at_end(m) || peek(m).len == 0 ? 0 : bad(m, "an empty line must precede this", e);
}

static int read_heading(struct markdown *m, struct markdown_block *b, struct err *e)
{
    struct str line = peek(m);
    size_t level = leading(line, '#');

    if (level > HEADING_MAX || !str_starts(str_drop(line, level), " ") ||
        str_trim(str_drop(line, level)).len == 0) {
        return bad(m, "a heading is one to three #, a blank and text", e);
    }
    *b = (struct markdown_block){.kind = MARKDOWN_HEADING, .level = (unsigned)level};
    b->text = str_trim(str_drop(line, level));
    skip(m);
    return check_end(m, e);
}

static int read_code(struct markdown *m, struct markdown_block *b, struct err *e)
{
    struct str language = str_drop(peek(m), strlen(FENCE));

    for (size_t i = 0; i < language.len; i++) {
        if (language.p[i] < 'a' || language.p[i] > 'z') {
            return bad(m, "only a word in lower case may follow the backquotes", e);
        }
    }
    skip(m);
    *b = (struct markdown_block){.kind = MARKDOWN_CODE, .text = m->rest};
    while (!str_eq_c(peek(m), FENCE)) {
        if (at_end(m)) {
            return bad(m, "the code does not end", e);
        }
        skip(m);
    }
    b->text.len = (size_t)(m->rest.p - b->text.p);
    skip(m);
    return check_end(m, e);
}

/* Splits a line into cells. Returns false if it is not a row of a table. */
static bool split_row(struct str line, struct markdown_row *row)
{
    size_t start = 1;

    *row = (struct markdown_row){0};
    if (line.len < 2 || line.p[0] != '|' || line.p[line.len - 1] != '|') {
        return false;
    }
    for (size_t i = 1; i < line.len; i++) {
        if (line.p[i] != '|' || line.p[i - 1] == '\\') {
            continue;
        }
        if (row->count == MARKDOWN_CELLS) {
            return false;
        }
        row->cells[row->count++] = str_trim(str_n(line.p + start, i - start));
        start = i + 1;
    }
    return start == line.len && row->count > 1;
}

static bool is_dashes(const struct markdown_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct str cell = row->cells[i];

        if (cell.len < 3 || leading(cell, '-') != cell.len) {
            return false;
        }
    }
    return true;
}

static int read_table(struct markdown *m, struct markdown_block *b, struct err *e)
{
    struct markdown_row row;
    size_t count = 0;
    size_t rows = 0;

    *b = (struct markdown_block){.kind = MARKDOWN_TABLE, .text = m->rest};
    for (; str_starts(peek(m), "|"); rows++, skip(m)) {
        if (!split_row(peek(m), &row) || (rows > 0 && row.count != count)) {
            return bad(m, "a row has two to eight cells, as many as the first row", e);
        }
        if ((rows == 1) != is_dashes(&row)) {
            return bad(m, "the second row of a table consists of dashes, and no other", e);
        }
        count = row.count;
    }
    if (rows < 3) {
        return bad(m, "a table has names, dashes and a row at least", e);
    }
    b->text.len -= m->rest.len;
    return check_end(m, e);
}

bool markdown_row(struct str *rows, struct markdown_row *row)
{
    struct str line = {0};

    do {
        if (rows->len == 0) {
            return false;
        }
        (void)str_cut(rows, '\n', &line);
        if (!split_row(line, row)) {
            return false; /* cannot happen in the text of a block */
        }
    } while (is_dashes(row));
    return true;
}

static int read_item(struct markdown *m, struct markdown_block *b, struct err *e)
{
    unsigned number = 0;
    size_t len = marker(peek(m), &number);

    if (number == 0 && !str_starts(peek(m), "- ")) {
        return bad(m, "a list does not begin with 0", e);
    }
    *b = (struct markdown_block){
        .kind = MARKDOWN_ITEM, .number = number, .text = str_drop(m->rest, len)};
    skip(m);
    while (!at_end(m) && peek(m).len > 0) {
        struct str line = peek(m);
        unsigned ignored;

        if (marker(line, &ignored) > 0) {
            break;
        }
        if (line.len <= len || leading(line, ' ') != len) {
            return bad(m, "the lines of an item are indented as far as its text", e);
        }
        if (begins_block(str_drop(line, len))) {
            return bad(m, "an item contains text only", e);
        }
        skip(m);
    }
    b->text.len -= m->rest.len;
    b->text = str_trim(b->text);
    return b->text.len > 0 ? 0 : bad(m, "an item without text", e);
}

static int read_paragraph(struct markdown *m, struct markdown_block *b, struct err *e)
{
    *b = (struct markdown_block){.kind = MARKDOWN_PARAGRAPH, .text = m->rest};
    while (!at_end(m) && peek(m).len > 0) {
        if (begins_block(peek(m))) {
            return bad(m, "not text; an empty line must precede any other block", e);
        }
        skip(m);
    }
    b->text.len -= m->rest.len;
    b->text = str_trim(b->text);
    return 0;
}

int markdown_next(struct markdown *m, struct markdown_block *b, struct err *e)
{
    struct markdown_block got = {0};
    const bool first = m->line == 1;
    unsigned number;
    unsigned from = m->line;
    int rc;

    while (!at_end(m) && peek(m).len == 0) {
        skip(m);
    }
    if (at_end(m)) {
        return 0;
    }
    from = m->line - from;
    if (str_starts(peek(m), "#")) {
        rc = read_heading(m, &got, e);
    } else if (str_starts(peek(m), FENCE)) {
        rc = read_code(m, &got, e);
    } else if (str_starts(peek(m), "|")) {
        rc = read_table(m, &got, e);
    } else if (marker(peek(m), &number) > 0) {
        rc = read_item(m, &got, e);
    } else {
        rc = read_paragraph(m, &got, e);
    }
    if (rc < 0) {
        return -1;
    }
    got.tight = from == 0 && !first;
    *b = got;
    return 1;
}

void markdown_spans_init(struct markdown_spans *in, struct str text, bool in_table)
{
    *in = (struct markdown_spans){.rest = text, .in_table = in_table};
}

static int bad_text(struct str at, const char *problem, struct err *e)
{
    size_t len = at.len < QUOTED_MAX ? at.len : QUOTED_MAX;

    return err_set(e, ERR_FORMAT, "%s: %.*s", problem, (int)len, at.p);
}

/* Returns 0 if the text can end here, because nothing is open, and -1 on error. */
static int end_text(const struct markdown_spans *in, struct err *e)
{
    if (in->code || in->bold || in->link) {
        return err_set(e, ERR_FORMAT, "%s is not closed",
                       in->code   ? "code"
                       : in->bold ? "bold text"
                                  : "a link");
    }
    return 0;
}

static bool is_pipe(const struct markdown_spans *in, size_t i)
{
    return in->in_table && in->rest.p[i] == '\\' && i + 1 < in->rest.len &&
           in->rest.p[i + 1] == '|';
}

/* Makes the next `len` bytes a span in the present style. Returns 1. */
static int take(struct markdown_spans *in, size_t len, struct markdown_span *out)
{
    *out = (struct markdown_span){
        .text = str_n(in->rest.p, len), .bold = in->bold, .code = in->code};
    in->rest = str_drop(in->rest, len);
    return 1;
}

/* Makes "](target)" a span that ends a link. Returns 1, and -1 on error. */
static int take_target(struct markdown_spans *in, struct markdown_span *out, struct err *e)
{
    struct str rest = str_drop(in->rest, 2);
    struct str target = {0};

    if (!str_starts(in->rest, "](") || !str_cut(&rest, ')', &target) || target.len == 0 ||
        memchr(target.p, ' ', target.len) != NULL) {
        return bad_text(in->rest, "expected ](target)", e);
    }
    in->link = false;
    in->rest = rest;
    *out = (struct markdown_span){.target = target};
    return 1;
}

/* Returns why GitHub would not show the characters at the start of s unchanged. NULL if it
 * would. */
static const char *problem_at(struct str s)
{
    const char next = s.len > 1 ? s.p[1] : ' ';

    switch (s.p[0]) {
    case '*':
        return "an asterisk belongs into `code`";
    case '\\':
        return "a backslash belongs into `code`";
    case ']':
        return "a bracket without a link";
    case '!':
        return next == '[' ? "images are not part of the subset" : NULL;
    case '<':
        return next == '/' || next == '!' || (next | 0x20) >= 'a' ? "HTML belongs into `code`"
                                                                  : NULL;
    default:
        return NULL;
    }
}

static bool is_mark(const struct markdown_spans *in, size_t i)
{
    const char c = in->rest.p[i];

    if (in->code) {
        return c == '`' || is_pipe(in, i);
    }
    return memchr("`*[]", c, 4) != NULL || is_pipe(in, i) ||
           problem_at(str_drop(in->rest, i)) != NULL;
}

int markdown_span(struct markdown_spans *in, struct markdown_span *out, struct err *e)
{
    while (in->rest.len > 0) {
        size_t len = 0;

        while (len < in->rest.len && !is_mark(in, len)) {
            len++;
        }
        if (len > 0) {
            return take(in, len, out);
        }
        if (is_pipe(in, 0)) {
            in->rest = str_drop(in->rest, 1);
            return take(in, 1, out);
        }
        if (in->rest.p[0] == '`') {
            in->code = !in->code;
            in->rest = str_drop(in->rest, 1);
        } else if (str_starts(in->rest, "**")) {
            in->bold = !in->bold;
            in->rest = str_drop(in->rest, 2);
        } else if (in->rest.p[0] == '[' && !in->link) {
            in->link = true;
            in->rest = str_drop(in->rest, 1);
        } else if (in->rest.p[0] == ']' && in->link) {
            return take_target(in, out, e);
        } else {
            const char *problem = problem_at(in->rest);

            return bad_text(in->rest, problem != NULL ? problem : "a link in a link", e);
        }
    }
    return end_text(in, e);
}
