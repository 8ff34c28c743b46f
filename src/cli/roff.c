/* SPDX-License-Identifier: MIT */
#include "cli/roff.h"

#include "cli/markdown.h"

#include <stdint.h>
#include <string.h>

/* Returns the code point of a well-formed UTF-8 sequence of `len` bytes. */
static uint32_t code_point(struct str s, size_t len)
{
    static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)s.p[0] & first[len];

    for (size_t i = 1; i < len; i++) {
        code = code << 6 | ((unsigned char)s.p[i] & 0x3f);
    }
    return code;
}

/* Returns the escape of a character that roff would read or print as another one, or NULL. */
static const char *escape_of(char c)
{
    switch (c) {
    case '-':
        return "\\-";
    case '\\':
        return "\\e";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    case '"':
        return "\\(dq"; /* in an argument of a macro */
    default:
        return NULL;
    }
}

void roff_text(struct buf *out, struct str text)
{
    bool at_start = true;

    while (text.len > 0) {
        const char *escape = escape_of(text.p[0]);
        size_t len = str_utf8_len(text);

        if (at_start && text.p[0] == '.') {
            (void)buf_add_c(out, "\\&");
        }
        at_start = text.p[0] == '\n';
        if (escape != NULL) {
            (void)buf_add_c(out, escape);
        } else if (len > 1) {
            (void)buf_addf(out, "\\[u%04X]", (unsigned)code_point(text, len));
        } else {
            (void)buf_add_byte(out, (unsigned char)text.p[0]);
        }
        text = str_drop(text, len > 1 ? len : 1);
    }
}

/* Adds text without the blanks at the start of its second and later lines, because roff breaks
 * the output line before them. */
static void add_lines(struct buf *out, struct str text)
{
    struct str line = {0};
    bool more = str_cut(&text, '\n', &line);

    roff_text(out, line);
    while (more) {
        more = str_cut(&text, '\n', &line);
        while (str_starts(line, " ")) {
            line = str_drop(line, 1);
        }
        (void)buf_add_byte(out, '\n');
        roff_text(out, line);
    }
}

/* Adds the heading of a topic's section: "a-page" becomes "A PAGE". */
static void add_heading_of(struct buf *out, struct str page)
{
    for (size_t i = 0; i < page.len; i++) {
        char c = page.p[i];

        (void)buf_add_byte(out, c == '-'               ? ' '
                                : c >= 'a' && c <= 'z' ? (unsigned char)(c - 'a' + 'A')
                                                       : (unsigned char)c);
    }
}

static void add_target(struct buf *out, struct str target, struct str text)
{
    struct str name = target;

    while (str_starts(name, "../")) {
        name = str_drop(name, 3);
    }
    if (str_eq(name, text)) {
        return;
    }
    (void)buf_add_c(out, " (");
    if (name.len == target.len && str_ends(name, ".md")) {
        name.len -= strlen(".md");
        add_heading_of(out, name);
    } else {
        roff_text(out, name);
    }
    (void)buf_add_byte(out, ')');
}

int roff_words(struct buf *out, struct str text, bool in_table, struct err *e)
{
    struct markdown_spans in;
    struct markdown_span span;
    struct str last = {0};
    int rc;

    markdown_spans_init(&in, text, in_table);
    while ((rc = markdown_span(&in, &span, e)) > 0) {
        const bool bold = span.text.len > 0 && (span.bold || span.code);

        (void)buf_add_c(out, bold ? "\\fB" : "");
        add_lines(out, span.text);
        (void)buf_add_c(out, bold ? "\\fP" : "");
        last = span.text.len > 0 ? span.text : last;
        if (span.target.len > 0) {
            add_target(out, span.target, last);
        }
    }
    (void)buf_add_byte(out, '\n');
    return rc;
}

static int add_heading(struct buf *out, const struct markdown_block *b, struct err *e)
{
    if (b->level == 1) {
        return 0; /* the section has the name of the page */
    }
    (void)buf_add_c(out, b->level == 2 ? ".SS " : ".PP\n.B ");
    return roff_words(out, b->text, false, e);
}

static int add_item(struct buf *out, const struct markdown_block *b, struct err *e)
{
    if (b->number > 0) {
        (void)buf_addf(out, ".IP %u. 4\n", b->number);
    } else {
        (void)buf_add_c(out, ".IP \\(bu 2\n");
    }
    return roff_words(out, b->text, false, e);
}

static int add_code(struct buf *out, const struct markdown_block *b)
{
    (void)buf_add_c(out, ".PP\n.RS 4\n.nf\n");
    roff_text(out, b->text);
    (void)buf_add_c(out, ".fi\n.RE\n");
    return 0;
}

static int add_table(struct buf *out, const struct markdown_block *b, struct err *e)
{
    struct str rows = b->text;
    struct markdown_row head;
    struct markdown_row row;

    (void)markdown_row(&rows, &head);
    while (markdown_row(&rows, &row)) {
        (void)buf_add_c(out, row.cells[0].len > 0 ? ".TP\n" : ".TP\n\\&");
        if (roff_words(out, row.cells[0], true, e) < 0) {
            return -1;
        }
        for (size_t i = 1; i < row.count; i++) {
            if (row.cells[i].len == 0) {
                continue;
            }
            if (i > 1) {
                (void)buf_add_c(out, ".br\n");
            }
            if (row.count > 2) {
                roff_text(out, head.cells[i]);
                (void)buf_add_c(out, ":\n");
            }
            if (roff_words(out, row.cells[i], true, e) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int add_block(struct buf *out, const struct markdown_block *b, struct err *e)
{
    switch (b->kind) {
    case MARKDOWN_HEADING:
        return add_heading(out, b, e);
    case MARKDOWN_PARAGRAPH:
        (void)buf_add_c(out, ".PP\n");
        return roff_words(out, b->text, false, e);
    case MARKDOWN_ITEM:
        return add_item(out, b, e);
    case MARKDOWN_CODE:
        return add_code(out, b);
    case MARKDOWN_TABLE:
        break;
    }
    return add_table(out, b, e);
}

int roff_blocks(struct buf *out, struct str text, struct err *e)
{
    struct markdown m;
    struct markdown_block b;
    int rc;

    markdown_init(&m, text);
    while ((rc = markdown_next(&m, &b, e)) > 0) {
        if (add_block(out, &b, e) < 0) {
            return err_wrap(e, "before line %u", m.line);
        }
    }
    if (rc == 0 && out->overflowed) {
        return err_set(e, ERR_LIMIT, "the page exceeds its limit");
    }
    return rc;
}

int roff_page(struct buf *out, struct str name, struct str page, struct err *e)
{
    (void)buf_add_c(out, ".SH ");
    add_heading_of(out, name);
    (void)buf_add_byte(out, '\n');
    return roff_blocks(out, page, e);
}
