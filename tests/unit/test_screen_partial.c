/* SPDX-License-Identifier: MIT */
#include "term/screen.h"

#include "tap.h"

/* Cuts `text` in two in every way. A client that is shown the screen in between, and then gets
 * the second part, must end with the same screen as a client that got both parts. */
static void text_may_be_cut_anywhere(const char *text, size_t len, const char *name)
{
    int differ = 0;

    for (size_t cut = 0; cut <= len; cut++) {
        struct screen *whole = screen_new(6, 40);
        struct screen *first = screen_new(6, 40);
        struct screen *late = screen_new(6, 40);
        struct buf drawn;
        struct buf want;
        struct buf got;

        buf_init(&drawn, 1 << 20);
        buf_init(&want, 1 << 20);
        buf_init(&got, 1 << 20);
        screen_feed(whole, str_n(text, len));
        screen_feed(first, str_n(text, cut));
        (void)screen_draw(first, false, &drawn);
        screen_feed(late, buf_str(&drawn));
        screen_feed(late, str_n(text + cut, len - cut));
        (void)screen_draw(whole, false, &want);
        (void)screen_draw(late, false, &got);
        if (!str_eq(buf_str(&want), buf_str(&got))) {
            differ++;
            (void)printf("# cut at %zu\n", cut);
        }
        buf_release(&drawn);
        buf_release(&want);
        buf_release(&got);
        screen_free(whole);
        screen_free(first);
        screen_free(late);
    }
    ok(differ == 0, "%s", name);
}

/* A string (OSC, DCS) that is longer than the tail that the screen keeps. */
static void the_rest_of_a_long_string_is_not_shown(void)
{
    enum { LONG = 5000 };
    static char text[LONG + 64];
    size_t len = 0;
    static const char *const ends[] = {"\a", "\033\\"};

    for (size_t i = 0; i < 2; i++) {
        struct screen *first = screen_new(6, 40);
        struct screen *late = screen_new(6, 40);
        struct buf out;

        len = (size_t)snprintf(text, sizeof(text), "%s", i == 0 ? "\033]52;c;" : "\033Pq");
        memset(text + len, 'x', LONG);
        len += LONG;
        buf_init(&out, 1 << 20);
        screen_feed(first, str_n(text, len));
        (void)screen_draw(first, false, &out);
        screen_feed(late, buf_str(&out));
        screen_feed(late, str_c("yyyy"));
        screen_feed(late, str_c(ends[i]));
        screen_feed(late, str_c("seen"));
        buf_reset(&out);
        (void)screen_draw(late, false, &out);
        ok(str_contains(buf_str(&out), "seen") && !str_contains(buf_str(&out), "yyyy"),
           "the rest of a long string is not shown as text");
        buf_release(&out);
        screen_free(first);
        screen_free(late);
    }
}

int main(void)
{
#define CUT(text, name) text_may_be_cut_anywhere(text, sizeof(text) - 1, name)
    CUT("a\033[1;31mred\033[0m b", "sequences of colours may be cut");
    CUT("one\033[3;5Htwo\033[2Kx", "sequences of cursor movement may be cut");
    CUT("\033]0;a title\atext", "a title that ends with a bell may be cut");
    CUT("\033]0;a title\033\\text", "a title that ends with a string terminator may be cut");
    CUT("x\033(0lqk\033(By", "sequences of character sets may be cut");
    CUT("\303\244\342\202\254\360\237\230\200 ok", "characters of several bytes may be cut");
    CUT("\033Pq#0;2;0;0;0~\033\\after", "a device control string may be cut");
    CUT("\033[?25l\033[38;2;1;2;3mtrue\033[m", "long sequences of colours may be cut");
    the_rest_of_a_long_string_is_not_shown();
    return done_testing();
}
