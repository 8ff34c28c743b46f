/* SPDX-License-Identifier: MIT */
#include "cli/markdown.h"

#include "base/buf.h"
#include "tap.h"

#include <stdlib.h>

static struct buf out;

/* Writes the spans of a text: bold in <b>, code in <c>, the target of a link in (). */
static int write_spans(struct str text, bool in_table, struct err *e)
{
    struct markdown_spans in;
    struct markdown_span s;
    int rc;

    markdown_spans_init(&in, text, in_table);
    while ((rc = markdown_span(&in, &s, e)) > 0) {
        (void)buf_addf(&out, "%s%.*s%s",
                       s.bold   ? "<b>"
                       : s.code ? "<c>"
                                : "",
                       (int)s.text.len, s.text.p,
                       s.bold   ? "</b>"
                       : s.code ? "</c>"
                                : "");
        if (s.target.len > 0) {
            (void)buf_addf(&out, "(%.*s)", (int)s.target.len, s.target.p);
        }
    }
    return rc;
}

static int write_table(struct str rows, struct err *e)
{
    struct markdown_row row;

    while (markdown_row(&rows, &row)) {
        for (size_t i = 0; i < row.count; i++) {
            (void)buf_add_c(&out, i > 0 ? " / " : "[");
            if (write_spans(row.cells[i], true, e) < 0) {
                return -1;
            }
        }
        (void)buf_add_c(&out, "]");
    }
    return 0;
}

/* Writes a page as "KIND:TEXT;" for each block. The copy has no byte after it, so a sanitizer
 * sees a read past its end. Returns the writing, or the error. */
static const char *blocks(const char *page, size_t len)
{
    static const char *const kinds[] = {"h", "p", "i", "c", "t"};
    static struct err e;
    struct markdown m;
    struct markdown_block b;
    char *copy = malloc(len > 0 ? len : 1);
    int rc;

    memcpy(copy, page, len);
    err_reset(&e);
    buf_reset(&out);
    markdown_init(&m, str_n(copy, len));
    while ((rc = markdown_next(&m, &b, &e)) > 0) {
        (void)buf_addf(&out, "%s%s", b.tight ? "" : "|", kinds[b.kind]);
        if (b.level + b.number > 0) {
            (void)buf_addf(&out, "%u", b.level + b.number);
        }
        (void)buf_add_c(&out, ":");
        if (b.kind == MARKDOWN_CODE) {
            (void)buf_add_str(&out, b.text);
        } else if ((b.kind == MARKDOWN_TABLE ? write_table(b.text, &e)
                                             : write_spans(b.text, false, &e)) < 0) {
            rc = -1;
            break;
        }
        (void)buf_add_c(&out, ";");
    }
    free(copy);
    return rc < 0 ? e.text : buf_c(&out);
}

static const struct {
    const char *page, *want;
} accepted[] = {
    {"", ""},
    {"\n\n", ""},
    {"# A title\n", "|h1:A title;"},
    {"# A\n\n## B\n\n### C", "|h1:A;|h2:B;|h3:C;"},
    {"text", "|p:text;"},
    {"two\nlines\n\nand more\n", "|p:two\nlines;|p:and more;"},
    {"the year is\n125. It is early.", "|p:the year is\n125. It is early.;"},
    {"- one\n- two\n  lines\n\n- apart", "|i:one;i:two\n  lines;|i:apart;"},
    {"1. one\n2. two\n   lines\n12. x", "|i1:one;i2:two\n   lines;i12:x;"},
    {"9. x\n10. y", "|i9:x;i10:y;"},
    {"```\n# no title\n\n- no list\n```", "|c:# no title\n\n- no list\n;"},
    {"```sh\nx\n```\n", "|c:x\n;"},
    {"```\n```\n", "|c:;"},
    {"| a | b |\n|---|---|\n| 1 | |\n|  x y  | `c\\|d` |",
     "|t:[a / b][1 / ][x y / <c>c</c><c>|</c><c>d</c>];"},
    {"| a | b |\n| --- | ---- |\n| \\| | 2 |\n\ntext", "|t:[a / b][| / 2];|p:text;"},
    {"a `code`, **bold** b", "|p:a <c>code</c>, <b>bold</b> b;"},
    {"`**`, **`x`**", "|p:<c>**</c>, <b>x</b>;"},
    {"`a\\|b`", "|p:<c>a\\|b</c>;"},
    {"see [the page](page.md).", "|p:see the page(page.md).;"},
    {"[`x` and **y**](https://z)", "|p:<c>x</c> and <b>y</b>(https://z);"},
    {"a < b, a! snake_case & x", "|p:a < b, a! snake_case & x;"},
    {"**a\nb**", "|p:<b>a\nb</b>;"},
};

static const struct {
    const char *page, *problem;
} refused[] = {
    {"#title", "line 1: a heading is"},
    {"#### deep", "line 1: a heading is"},
    {"# ", "line 1: a heading is"},
    {"# A\ntext", "line 2: an empty line"},
    {"text\n# A", "line 2: not text"},
    {"text\n- item", "line 2: not text"},
    {"text\n1. item", "line 2: not text"},
    {"text\n  more", "line 2: not text"},
    {"> quote", "line 1: not text"},
    {"* item", "line 1: not text"},
    {"+ item", "line 1: not text"},
    {"    code", "line 1: not text"},
    {"Title\n=====", "line 2: not text"},
    {"Title\n-----", "line 2: not text"},
    {"- a\nb", "line 2: the lines of an item"},
    {"- a\n    b", "line 2: the lines of an item"},
    {"- a\n  - b", "line 2: an item contains text"},
    {"- ", "line 2: an item without text"},
    {"0. a", "line 1: a list does not"},
    {"```\nx", "line 3: the code does not end"},
    {"``` C\nx\n```", "line 1: only a word"},
    {"```\nx\n```\ntext", "line 4: an empty line"},
    {"| a | b |", "line 2: a table has"},
    {"| a | b |\n|---|---|", "line 3: a table has"},
    {"| a | b |\n| c | d |", "line 2: the second row"},
    {"| a | b |\n|---|---|\n|---|---|", "line 3: the second row"},
    {"| a | b |\n|---|---|\n| c |", "line 3: a row has"},
    {"| a | b |\n|---|---|\n| c | d", "line 3: a row has"},
    {"| a |\n|---|\n| c |", "line 1: a row has"},
    {"|1|2|3|4|5|6|7|8|9|", "line 1: a row has"},
    {"| a | b |\n|---|---|\n| 1 | 2 |\ntext", "line 4: an empty line"},
    {"a *b* c", "an asterisk belongs"},
    {"a `b", "code is not closed"},
    {"a **b", "bold text is not closed"},
    {"a [b", "a link is not closed"},
    {"a [b] c", "expected ](target)"},
    {"a [b]()", "expected ](target)"},
    {"a [b](c d)", "expected ](target)"},
    {"a [b [c](d)](e)", "a link in a link"},
    {"a ] b", "a bracket without"},
    {"![x](y)", "images are not"},
    {"a <b>", "HTML belongs"},
    {"a </b", "HTML belongs"},
    {"a <!-- b", "HTML belongs"},
    {"a \\* b", "a backslash belongs"},
    {"a \\| b", "a backslash belongs"},
};

static void pages_are_read(void)
{
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        is_str(blocks(accepted[i].page, strlen(accepted[i].page)), accepted[i].want,
               accepted[i].page);
    }
}

static void everything_else_is_refused(void)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const char *text = blocks(refused[i].page, strlen(refused[i].page));

        ok(strncmp(text, refused[i].problem, strlen(refused[i].problem)) == 0, "%s: %s",
           refused[i].page, text);
    }
}

/* The reader ends on any bytes and reads nothing outside of them. */
static void any_bytes_are_harmless(void)
{
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        const size_t len = strlen(accepted[i].page);
        char copy[128];

        for (size_t k = 0; k < len; k++) {
            (void)blocks(accepted[i].page, k);
            for (unsigned bit = 0; bit < 8; bit++) {
                memcpy(copy, accepted[i].page, len);
                copy[k] = (char)(copy[k] ^ (1 << bit));
                (void)blocks(copy, len);
            }
        }
    }
    ok(true, "truncated and changed pages");
}

int main(void)
{
    buf_init(&out, 64 << 10);
    pages_are_read();
    everything_else_is_refused();
    any_bytes_are_harmless();
    buf_release(&out);
    return done_testing();
}
