/* SPDX-License-Identifier: MIT */
#include "cli/roff.h"

#include "tap.h"

static struct buf out;

static const char *text_of(const char *text)
{
    buf_reset(&out);
    roff_text(&out, str_c(text));
    return buf_c(&out);
}

static const char *page(const char *text)
{
    static struct err e;

    err_reset(&e);
    buf_reset(&out);
    return roff_page(&out, str_c("two-words"), str_c(text), &e) < 0 ? e.text : buf_c(&out);
}

static void nothing_in_a_text_is_a_request_or_an_escape(void)
{
    static const struct {
        const char *text, *want;
    } samples[] = {
        {"a b", "a b"},
        {".so x\n.so y", "\\&.so x\n\\&.so y"},
        {"'x' `y`", "\\(aqx\\(aq \\(gay\\(ga"},
        {"--a\\b", "\\-\\-a\\eb"},
        {"~^\"", "\\(ti\\(ha\\(dq"},
        {"\303\244 \342\200\246 \360\237\230\200", "\\[u00E4] \\[u2026] \\[u1F600]"},
        {"a.b", "a.b"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        is_str(text_of(samples[i].text), samples[i].want, samples[i].text);
    }
}

static void each_block_has_its_macros(void)
{
    static const struct {
        const char *page, *want;
    } samples[] = {
        {"# Title\n\ntext\n  more\n", NULL}, /* a paragraph is not indented */
        {"# Title\n\ntext\nmore\n", ".PP\ntext\nmore\n"},
        {"## Part\n\n### Small", ".SS Part\n.PP\n.B Small\n"},
        {"- one\n  more\n- two", ".IP \\(bu 2\none\nmore\n.IP \\(bu 2\ntwo\n"},
        {"1. one", ".IP 1. 4\none\n"},
        {"```\n.x\n  y\n```", ".PP\n.RS 4\n.nf\n\\&.x\n  y\n.fi\n.RE\n"},
        {"`a` **b**", ".PP\n\\fBa\\fP \\fBb\\fP\n"},
        {"| a | b |\n|---|---|\n| `x` | y |\n| | z |", ".TP\n\\fBx\\fP\ny\n.TP\n\\&\nz\n"},
        {"| a | b | c |\n|---|---|---|\n| x | y | z |", ".TP\nx\nb:\ny\n.br\nc:\nz\n"},
        {"[p](other-page.md)", ".PP\np (OTHER PAGE)\n"},
        {"[p](https://x/~y)", ".PP\np (https://x/\\(tiy)\n"},
        {"[A.md](../../A.md)", ".PP\nA.md\n"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const char *got = page(samples[i].page);

        if (samples[i].want == NULL) {
            ok(strstr(got, "line 4") != NULL, "%s", got);
            continue;
        }
        ok(strncmp(got, ".SH TWO WORDS\n", 14) == 0, "the page is a section");
        is_str(got + 14, samples[i].want, samples[i].page);
    }
}

static void problems_are_reported(void)
{
    struct err e = {0};
    struct buf small;

    ok(strstr(page("a\n\n*b*"), "an asterisk") != NULL, "text outside the subset");
    buf_init(&small, 20);
    ok(roff_page(&small, str_c("a"), str_c("some words that do not fit"), &e) < 0 &&
           e.kind == ERR_LIMIT,
       "a page that is too long");
    buf_release(&small);
}

int main(void)
{
    buf_init(&out, 64 << 10);
    nothing_in_a_text_is_a_request_or_an_escape();
    each_block_has_its_macros();
    problems_are_reported();
    buf_release(&out);
    return done_testing();
}
