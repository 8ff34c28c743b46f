/* SPDX-License-Identifier: MIT */
#include "cli/wrap.h"

#include "tap.h"

static struct buf out;

/* Returns what becomes of `text` in lines of `columns`, with an indent of 2. */
static const char *wrapped(const char *text, size_t columns, bool bold)
{
    struct wrap w;

    buf_reset(&out);
    (void)buf_add_c(&out, "  ");
    wrap_init(&w, &out, 2, 2, columns);
    wrap_text(&w, str_c(text), bold);
    wrap_end(&w);
    return buf_c(&out);
}

static void lines_are_filled(void)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *want;
    } samples[] = {
        {"", 10, "  \n"},
        {"one", 10, "  one\n"},
        {"one two three", 10, "  one two\n  three\n"},
        {"one two three", 9, "  one two\n  three\n"},
        {"one two three", 8, "  one\n  two\n  three\n"},
        {"  one \n\t two  ", 20, "  one two\n"},
        {"a longerthantheline b", 8, "  a\n  longerthantheline\n  b\n"},
        {"\303\244\303\266\303\274 \303\244\303\266", 8,
         "  \303\244\303\266\303\274 \303\244\303\266\n"},
        {"\303\244\303\266\303\274 \303\244\303\266", 7,
         "  \303\244\303\266\303\274\n  \303\244\303\266\n"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        is_str(wrapped(samples[i].text, samples[i].columns, false), samples[i].want,
               samples[i].text);
    }
}

static void bold_takes_no_columns(void)
{
    is_str(wrapped("one two three", 9, true),
           "  \033[1mone\033[m \033[1mtwo\033[m\n  \033[1mthree\033[m\n",
           "each word is bold by itself");
    is_int((long long)wrap_columns(str_c("\033[1mone\033[m \303\244")), 5,
           "escape sequences have no width");
}

/* However the text is divided into calls, the result is the same. */
static void a_word_may_come_in_pieces(void)
{
    static const char text[] = "one twothree four";
    struct wrap w;

    for (size_t i = 0; i <= strlen(text); i++) {
        buf_reset(&out);
        wrap_init(&w, &out, 0, 1, 9);
        wrap_text(&w, str_n(text, i), false);
        wrap_text(&w, str_c(text + i), false);
        wrap_end(&w);
        is_str(buf_c(&out), "one\n twothree\n four\n", "split in two");
    }
}

static void limits_are_reported(void)
{
    static char word[WRAP_WORD_MAX + 2];
    struct buf small;
    struct wrap w;

    memset(word, 'x', sizeof(word) - 1);
    (void)wrapped(word, 20, false);
    ok(out.overflowed, "a word that is too long sets overflowed");
    buf_init(&small, 4);
    wrap_init(&w, &small, 0, 0, 20);
    wrap_text(&w, str_c("three words here"), false);
    wrap_end(&w);
    ok(small.overflowed, "so does a text that is too long");
    buf_release(&small);
}

int main(void)
{
    buf_init(&out, 64 << 10);
    lines_are_filled();
    bold_takes_no_columns();
    a_word_may_come_in_pieces();
    limits_are_reported();
    buf_release(&out);
    return done_testing();
}
