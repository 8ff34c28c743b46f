/* SPDX-License-Identifier: MIT */
/* tests/unit/test_manual.c has the pages of the manual. */
#include "cli/markdown_text.h"

#include "tap.h"

static struct buf out;

static const char *text_of(const char *page, bool bold)
{
    const struct markdown_look look = {.columns = 30, .bold = bold};
    static struct err e;

    err_reset(&e);
    buf_reset(&out);
    return markdown_text(str_c(page), &look, &out, &e) < 0 ? e.text : buf_c(&out);
}

static void each_block_has_its_form(void)
{
    static const struct {
        const char *page, *want;
    } samples[] = {
        {"# A title\n\nSome words that need more than a line.\n",
         "A title\n\n    Some words that need more\n    than a line.\n"},
        {"## Section\n\n### Part\n\ntext", "Section\n\n  Part\n\n    text\n"},
        {"- an item of some words, in two\n- b\n\n- c",
         "    - an item of some words,\n      in two\n    - b\n\n    - c\n"},
        {"1. one\n10. an item of some words here",
         "    1. one\n    10. an item of some words\n        here\n"},
        {"```\nlines  that stay as they are written\n\n  x\n```",
         "      lines  that stay as they are written\n\n        x\n"},
        {"`code` and **bold**", "    code and bold\n"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        is_str(text_of(samples[i].page, false), samples[i].want, samples[i].page);
    }
}

static void links_name_their_target(void)
{
    is_str(text_of("[a page](x-y.md)", false), "    a page (cco help x-y)\n", "a page");
    is_str(text_of("[`cco help x`](x.md)", false), "    cco help x\n",
           "a page that its text names");
    is_str(text_of("[a site](https://x.y)", false), "    a site <https://x.y>\n", "a site");
    is_str(text_of("[https://x](https://x)", false), "    https://x\n",
           "a site that its text names");
    is_str(text_of("[a file](../../A.md).", false), "    a file (A.md).\n", "a file");
    is_str(text_of("[A.md](../../A.md)", false), "    A.md\n", "a file that its text names");
}

static void a_terminal_shows_bold(void)
{
    is_str(text_of("# T\n\na `b` **c**\n", true),
           "\033[1mT\033[m\n\n    a \033[1mb\033[m \033[1mc\033[m\n", "headings, code, bold");
}

static void problems_are_reported(void)
{
    const struct markdown_look look = {.columns = 30};
    struct err e = {0};
    struct buf small;

    ok(strstr(text_of("a\n\nb *c*", false), "an asterisk") != NULL, "text outside the subset");
    ok(strstr(text_of("#a", false), "a heading is") != NULL, "a block outside the subset");
    buf_init(&small, 10);
    ok(markdown_text(str_c("some words that do not fit"), &look, &small, &e) < 0 &&
           e.kind == ERR_LIMIT,
       "a page that is too long");
    buf_release(&small);
}

int main(void)
{
    buf_init(&out, 64 << 10);
    each_block_has_its_form();
    links_name_their_target();
    a_terminal_shows_bold();
    problems_are_reported();
    buf_release(&out);
    return done_testing();
}
