/* SPDX-License-Identifier: MIT */
#include "host/shell_words.h"

#include "base/buf.h"
#include "tap.h"

#include <string.h>

static struct arena arena;

/* Returns the words, separated by blanks, with "| " in front of the first word of a command and
 * "?" behind a word that is not known. */
static const char *words(const char *text)
{
    static const struct shell_variable vars[] = {{"HOME", "/h"},
                                                 {"CLAUDE_PROJECT_DIR", "/p q"}};
    struct shell_words w = {0};
    const char *line = "";

    shell_words_split(str_c(text), "/h", vars, 2, &arena, &w);
    for (size_t i = 0; i < w.count; i++) {
        line = arena_printf(&arena, "%s%s%s<%s>%s", line, i > 0 ? " " : "",
                            w.list[i].starts ? "| " : "", w.list[i].text,
                            w.list[i].unknown ? "?" : "");
    }
    return line;
}

static void texts_are_split(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"a b", "| <a> <b>"},
        {"  a\tb  ", "| <a> <b>"},
        {"~/x.sh --y", "| </h/x.sh> <--y>"},
        {"~ a~b ~c", "| </h> <a~b> <~c>"},
        {"$HOME/x ${HOME}/y ${HOME:-/z}/w", "| </h/x> </h/y> </h/w>"},
        {"\"$CLAUDE_PROJECT_DIR\"/a.sh", "| </p q/a.sh>"},
        {"'$HOME/x' \"~/y\"", "| <$HOME/x> <~/y>"},
        {"$OTHER/x \"${A}b\"", "| </x>? <b>?"},
        {"a && b || c; d | e & f", "| <a> | <b> | <c> | <d> | <e> | <f>"},
        {"(a; b)", "| <a> | <b>"},
        {"x=1 Y=~/z a b=c", "| <a> <b=c>"},
        {"'x=1' b", "| <x=1> <b>"},
        {"a > out 2>&1 < in b", "| <a> <b>"},
        {"a 2>/dev/null >>x", "| <a>"},
        {"a2>x b", "| <a2> <b>"},
        {"a # b\nc", "| <a> | <c>"},
        {"a#b", "| <a#b>"},
        {"a\\ b \\~ \\", "| <a b> <~>"},
        {"\"a\\\"b\\c\"", "| <a\"b\\c>"},
        {"'' \"\"", "| <> <>"},
        {"x=$(cat ~/f) y", "| <cat> </h/f> | <y>"},
        {"echo `cat ~/f`", "| <echo> | <cat> </h/f>"},
        {"\"$(cat ~/f)\"", "| <(cat ~/f)>?"},
        {"cat <<< x y", "| <cat> <y>"},
        {"diff <(a) b", "| <diff> | <a> | <b>"},
        {"'open", "| <open>"},
        {"\"open $", "| <open >?"},
        {"${open", "| <>?"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_str(words(cases[i][0]), cases[i][1], cases[i][0]);
    }
}

static void any_text_is_bounded(void)
{
    static const char alphabet[] = "a ~$\\\"'`(){}<>|&;#=\n/H1\t";
    static const struct shell_variable vars[] = {{"H", "/h"}};
    char text[64];
    unsigned state = 1;
    bool within = true;

    for (int round = 0; round < 20000; round++) {
        struct shell_words w = {0};
        struct arena a = {0};
        size_t len = 0;

        state = state * 1103515245 + 12345;
        for (; len < (state >> 16) % sizeof(text); len++) {
            state = state * 1103515245 + 12345;
            text[len] = alphabet[(state >> 16) % (sizeof(alphabet) - 1)];
        }
        shell_words_split(str_n(text, len), "/h", vars, 1, &a, &w);
        within = within && w.count <= len;
        arena_release(&a);
    }
    ok(within, "no text has more words than bytes");
}

static void long_texts_are_cut(void)
{
    struct shell_words w = {0};
    struct buf text;

    buf_init(&text, 1 << 20);
    for (int i = 0; i < 2 * SHELL_WORDS_MAX; i++) {
        (void)buf_add_c(&text, "a ");
    }
    shell_words_split(buf_str(&text), "/h", NULL, 0, &arena, &w);
    is_int((int)w.count, SHELL_WORDS_MAX, "the number of words has a maximum");
    buf_reset(&text);
    for (int i = 0; i < 2 * SHELL_WORD_BYTES; i++) {
        (void)buf_add_c(&text, "a");
    }
    w = (struct shell_words){0};
    shell_words_split(buf_str(&text), "/h", NULL, 0, &arena, &w);
    ok(w.count == 1 && w.list[0].unknown && strlen(w.list[0].text) == SHELL_WORD_BYTES,
       "a word that is too long is cut, and not known");
    buf_release(&text);
}

int main(void)
{
    texts_are_split();
    any_text_is_bounded();
    long_texts_are_cut();
    arena_release(&arena);
    return done_testing();
}
