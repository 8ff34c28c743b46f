/* SPDX-License-Identifier: MIT */
/* When and how a screen parses the bytes that it is fed. */
#include "tap.h"

#include "screen.h"

/* A flood of text, most of which is never parsed, must give the same screen as the same text
 * that is parsed piece by piece. */
static void a_flood_of_text_is_not_parsed(void)
{
    struct screen *lazy = screen_new(24, 80);
    struct screen *eager = screen_new(24, 80);
    struct buf text;

    buf_init(&text, 16 << 20);
    (void)buf_add_c(&text, "\033[1;33mbefore\r\n\033[4m");
    add_lines(&text, 0, 60000);
    (void)buf_add_c(&text, "\033[7mthe end");
    screen_feed(lazy, buf_str(&text));
    for (struct str rest = buf_str(&text); rest.len > 0; rest = str_drop(rest, 4096)) {
        screen_feed(eager, str_n(rest.p, rest.len < 4096 ? rest.len : 4096));
        screen_update(eager);
    }
    draw(lazy, &a);
    draw(eager, &b);
    is_mem(buf_data(&a), a.len, buf_data(&b), b.len,
           "skipping lines that scroll out of the scrollback does not change the screen");
    screen_free(lazy);
    screen_free(eager);
    buf_release(&text);
}

static void queries_are_answered_if_asked_for(void)
{
    struct screen *s = screen_new(24, 80);
    struct buf out;

    buf_init(&out, SCREEN_ANSWERS_MAX);
    screen_feed(s, str_c("\033[5;7H\033[6n"));
    screen_answer_to(s, &out);
    is_int((long long)out.len, 0, "earlier queries are not answered");
    screen_feed(s, str_c("\033[6n"));
    is_mem(buf_data(&out), out.len, "\033[5;7R", 6, "a query is answered at once");
    buf_reset(&out);
    screen_feed(s, str_n("\033P$q\"q\033\0\\", 9));
    is_mem(buf_data(&out), out.len, "\033P1$r2\"q\033\\", 10,
           "a query that ends in an unusual way is answered");
    screen_answer_to(s, NULL);
    screen_feed(s, str_c("\033[c"));
    screen_update(s);
    is_int((long long)out.len, 10, "queries are not answered while a terminal answers them");
    screen_free(s);
    buf_release(&out);
}

/* Returns true if `text` shows the same on a screen of 4 columns wherever it is cut in two. The
 * drawing is in `a`. */
static bool same_in_two(const char *text)
{
    struct screen *whole = screen_new(24, 4);
    bool same = true;

    screen_feed(whole, str_c(text));
    draw(whole, &a);
    for (size_t cut = 1; cut < strlen(text); cut++) {
        struct screen *s = screen_new(24, 4);

        screen_feed(s, str_n(text, cut));
        screen_update(s);
        same = same && !screen_is_behind(s);
        screen_feed(s, str_c(text + cut));
        draw(s, &b);
        same = same && a.len == b.len && memcmp(buf_data(&a), buf_data(&b), a.len) == 0;
        screen_free(s);
    }
    screen_free(whole);
    return same;
}

/* Characters that are cut anywhere, behind any text. A combining character belongs to the
 * character before it wherever that is, and has no width. */
static void characters_may_be_cut_anywhere(void)
{
    static const char two[] = "\343\201\213\343\202\231\343\201\213\343\202\231";
    struct screen *narrow = screen_new(24, 2);

    ok(same_in_two("ab\344\270\255cd \342\224\200\342\224\200 \360\237\230\200z"),
       "a character that comes in two pieces is one character");
    ok(same_in_two("\303\251\303\251\303\251\303\251\314\201\314\202z"),
       "accents combine with the character in the last column");
    ok(same_in_two("\033[?7l\303\251\303\251\303\251\303\251\314\201"),
       "accents combine with the last column if lines do not wrap");
    ok(same_in_two("abce\314\201z") &&
           memmem(buf_data(&a), a.len, "abce\314\201\r\nz", 9) != NULL,
       "an accent combines with a letter in the last column");
    ok(same_in_two(two) && memmem(buf_data(&a), a.len, two, sizeof(two) - 1) != NULL,
       "an accent does not make a wide character wider");
    screen_feed(narrow, str_c(two));
    draw(narrow, &a);
    ok(memmem(buf_data(&a), a.len, "\343\201\213\343\202\231\r\n", 8) != NULL,
       "a wide character with an accent fits into two columns");
    screen_free(narrow);
}

/* Few bytes that are expensive to parse. The screen parses them in many short steps. */
static void the_screen_catches_up_in_steps(void)
{
    struct screen *s = screen_new(100, 300);
    int count = 0;

    while (screen_room(s) > 4096) {
        for (int i = 0; i < 1024; i++) {
            screen_feed(s, str_c("\033[2J"));
        }
    }
    ok(screen_is_behind(s),
       "expensive bytes wait to be parsed, and the room for them is small");
    while (screen_is_behind(s) && count < 1000000) {
        screen_step(s);
        count++;
    }
    ok(count > 1 && !screen_is_behind(s), "the screen catches up in steps");
    ok(screen_room(s) > 0, "there is room again after the screen has caught up");
    for (int i = 0; i < 3000; i++) {
        screen_feed(s, str_c("line\r\n"));
    }
    screen_feed(s, str_c("\033[1"));
    ok(screen_room(s) > SCREEN_EAGER_MAX, "there is much room for plain lines");
    screen_feed(s, str_c(";1H\033[44mtop"));
    screen_feed(s, str_c("                                        "));
    ok(screen_room(s) < SCREEN_EAGER_MAX,
       "there is little room after bytes that are not plain");
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "\033[0;44mtop", 10) != NULL, "the drawing shows all bytes");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 16 << 20);
    buf_init(&b, 16 << 20);
    a_flood_of_text_is_not_parsed();
    queries_are_answered_if_asked_for();
    characters_may_be_cut_anywhere();
    the_screen_catches_up_in_steps();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
