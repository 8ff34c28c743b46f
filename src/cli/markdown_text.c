/* SPDX-License-Identifier: MIT */
#include "cli/markdown_text.h"

#include "cli/markdown.h"

#include <string.h>

/* Blanks before the text, before a heading of the third level, and before code inside the
 * text. */
enum { INDENT = 4, SUBSECTION = 2, CODE_INDENT = 2 };

#define HELP "cco help "

/* Adds where a link leads: nothing if its text is the target already. */
static void add_target(struct str target, struct str text, struct wrap *w)
{
    struct str name = target;

    if (str_starts(target, "https://") || str_starts(target, "http://")) {
        if (!str_eq(target, text)) {
            wrap_text(w, str_c(" <"), false);
            wrap_text(w, target, false);
            wrap_text(w, str_c(">"), false);
        }
        return;
    }
    while (str_starts(name, "../")) {
        name = str_drop(name, 3);
    }
    if (name.len != target.len) {
        if (!str_eq(name, text)) {
            wrap_text(w, str_c(" ("), false);
            wrap_text(w, name, false);
            wrap_text(w, str_c(")"), false);
        }
        return;
    }
    if (str_ends(name, ".md")) {
        name.len -= strlen(".md");
    }
    if (str_starts(text, HELP) && str_eq(str_drop(text, strlen(HELP)), name)) {
        return;
    }
    wrap_text(w, str_c(" (" HELP), false);
    wrap_text(w, name, false);
    wrap_text(w, str_c(")"), false);
}

int markdown_words(struct str text, bool in_table, bool bold, const struct markdown_look *look,
                   struct wrap *w, struct err *e)
{
    struct markdown_spans in;
    struct markdown_span span;
    struct str last = {0};
    int rc;

    markdown_spans_init(&in, text, in_table);
    while ((rc = markdown_span(&in, &span, e)) > 0) {
        wrap_text(w, span.text, look->bold && (bold || span.bold || span.code));
        last = span.text.len > 0 ? span.text : last;
        if (span.target.len > 0) {
            add_target(span.target, last, w);
        }
    }
    return rc;
}

static int add_heading(const struct markdown_block *b, const struct markdown_look *look,
                       struct buf *out, struct err *e)
{
    const size_t indent = b->level == 3 ? SUBSECTION : 0;
    struct wrap w;
    int rc;

    (void)buf_addf(out, "%*s", (int)indent, "");
    wrap_init(&w, out, indent, indent, look->columns);
    rc = markdown_words(b->text, false, true, look, &w, e);
    wrap_end(&w);
    return rc;
}

static int add_item(const struct markdown_block *b, const struct markdown_look *look,
                    struct buf *out, struct err *e)
{
    const size_t start = out->len;
    size_t indent;
    struct wrap w;
    int rc;

    if (b->number > 0) {
        (void)buf_addf(out, "%*s%u. ", INDENT, "", b->number);
    } else {
        (void)buf_addf(out, "%*s- ", INDENT, "");
    }
    indent = out->len - start;
    wrap_init(&w, out, indent, indent, look->columns);
    rc = markdown_words(b->text, false, false, look, &w, e);
    wrap_end(&w);
    return rc;
}

static int add_paragraph(const struct markdown_block *b, const struct markdown_look *look,
                         struct buf *out, struct err *e)
{
    struct wrap w;
    int rc;

    (void)buf_addf(out, "%*s", INDENT, "");
    wrap_init(&w, out, INDENT, INDENT, look->columns);
    rc = markdown_words(b->text, false, false, look, &w, e);
    wrap_end(&w);
    return rc;
}

static int add_code(const struct markdown_block *b, struct buf *out)
{
    struct str rest = b->text;
    struct str line = {0};

    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        if (line.len > 0) {
            (void)buf_addf(out, "%*s", INDENT + CODE_INDENT, "");
        }
        (void)buf_add_str(out, line);
        (void)buf_add_byte(out, '\n');
    }
    return 0;
}

static int add_block(const struct markdown_block *b, const struct markdown_look *look,
                     struct buf *out, struct err *e)
{
    switch (b->kind) {
    case MARKDOWN_HEADING:
        return add_heading(b, look, out, e);
    case MARKDOWN_PARAGRAPH:
        return add_paragraph(b, look, out, e);
    case MARKDOWN_ITEM:
        return add_item(b, look, out, e);
    case MARKDOWN_CODE:
        return add_code(b, out);
    case MARKDOWN_TABLE:
        break;
    }
    return markdown_table(b->text, INDENT, look, out, e);
}

int markdown_text(struct str page, const struct markdown_look *look, struct buf *out,
                  struct err *e)
{
    struct markdown m;
    struct markdown_block b;
    bool first = true;
    int rc;

    markdown_init(&m, page);
    while ((rc = markdown_next(&m, &b, e)) > 0) {
        const unsigned line = m.line;

        if (!first && !b.tight) {
            (void)buf_add_byte(out, '\n');
        }
        first = false;
        if (add_block(&b, look, out, e) < 0) {
            return err_wrap(e, "before line %u", line);
        }
    }
    if (rc == 0 && out->overflowed) {
        return err_set(e, ERR_LIMIT, "the page exceeds its limit");
    }
    return rc;
}
