/* SPDX-License-Identifier: MIT */
#include "cli/markdown_text.h"

#include "tap.h"

#define ROWS                                                                                   \
    "| name | meaning |\n"                                                                     \
    "|---|---|\n"                                                                              \
    "| `a` | one word, or more |\n"                                                            \
    "| `long-name` | |\n"

static struct buf out;

static const char *table(const char *rows, size_t columns)
{
    const struct markdown_look look = {.columns = columns};
    static struct err e;

    err_reset(&e);
    buf_reset(&out);
    return markdown_table(str_c(rows), 2, &look, &out, &e) < 0 ? e.text : buf_c(&out);
}

static void columns_are_as_wide_as_their_cells(void)
{
    is_str(table(ROWS, 40),
           "  name       meaning\n"
           "  ---------  -----------------\n"
           "  a          one word, or more\n"
           "  long-name\n",
           "there is room");
}

static void cells_are_wrapped_if_the_line_is_too_short(void)
{
    is_str(table(ROWS, 29),
           "  name       meaning\n"
           "  ---------  ----------------\n"
           "  a          one word, or\n"
           "             more\n"
           "  long-name\n",
           "the last column is wrapped");
    is_str(table("| a | b |\n|---|---|\n| some words, some words | and as many in this one |\n",
                 38),
           "  a                  b\n"
           "  -----------------  -----------------\n"
           "  some words, some   and as many in\n"
           "  words              this one\n",
           "both columns are wrapped");
}

static void any_cell_may_be_the_longest(void)
{
    is_str(table("| a | b |\n|---|---|\n| some words, some words, some words | x |\n", 30),
           "  a                          b\n"
           "  -------------------------  -\n"
           "  some words, some words,    x\n"
           "  some words\n",
           "the first cell is longer than the last");
}

static void rows_become_lists_if_columns_were_too_narrow(void)
{
    is_str(table(ROWS, 28),
           "  a\n"
           "      one word, or more\n"
           "  long-name\n",
           "two columns");
    is_str(table("| a | size | meaning |\n|---|---|---|\n| `x` | 4 bytes | what it is for |\n",
                 24),
           "  x\n"
           "      size: 4 bytes\n"
           "      meaning: what it\n"
           "        is for\n",
           "three columns: with their names");
    is_str(
        table("| a | b |\n|---|---|\n| averyveryverylongword | another-very-long-word |\n", 40),
        "  averyveryverylongword\n"
        "      another-very-long-word\n",
        "words that do not fit side by side");
}

static void eight_columns_fit(void)
{
    is_str(
        table("|1|2|3|4|5|6|7|8|\n|---|---|---|---|---|---|---|---|\n|a|b|c|d|e|f|g|h|\n", 40),
        "  1  2  3  4  5  6  7  8\n"
        "  -  -  -  -  -  -  -  -\n"
        "  a  b  c  d  e  f  g  h\n",
        "as many as a row can have");
}

static void problems_are_reported(void)
{
    ok(strstr(table("| a | b |\n|---|---|\n| *x* | 1 |\n", 40), "an asterisk") != NULL,
       "a cell outside the subset");
}

int main(void)
{
    buf_init(&out, 64 << 10);
    columns_are_as_wide_as_their_cells();
    cells_are_wrapped_if_the_line_is_too_short();
    any_cell_may_be_the_longest();
    rows_become_lists_if_columns_were_too_narrow();
    eight_columns_fit();
    problems_are_reported();
    buf_release(&out);
    return done_testing();
}
