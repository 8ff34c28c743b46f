/* SPDX-License-Identifier: MIT */
/* When and how a screen looks at what it is fed. */
#include "tap.h"

#include "screen.h"

/* A flood of which most is never looked at must leave what one that is looked at piece by piece
 * leaves. */
static void floods(void)
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
           "skipping lines that are lost changes nothing");
    screen_free(lazy);
    screen_free(eager);
    buf_release(&text);
}

static void answers(void)
{
    struct screen *s = screen_new(24, 80);
    struct buf out;

    buf_init(&out, SCREEN_ANSWERS_MAX);
    screen_feed(s, str_c("\033[5;7H\033[6n"));
    screen_answer_to(s, &out);
    is_int((long long)out.len, 0, "what was asked before is not answered");
    screen_feed(s, str_c("\033[6n"));
    is_mem(buf_data(&out), out.len, "\033[5;7R", 6, "a question finds an answer at once");
    buf_reset(&out);
    screen_feed(s, str_n("\033P$q\"q\033\0\\", 9));
    is_mem(buf_data(&out), out.len, "\033P1$r2\"q\033\\", 10, "one whose end is strange, too");
    screen_answer_to(s, NULL);
    screen_feed(s, str_c("\033[c"));
    screen_update(s);
    is_int((long long)out.len, 10, "none where a terminal answers");
    screen_free(s);
    buf_release(&out);
}

/* Whether `text` shows the same on a screen of 4 columns however it is cut in two; `a` is that.
 */
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

/* A character may be cut anywhere, behind any text; what combines with it belongs to it
 * wherever it is, and takes no room. */
static void characters(void)
{
    static const char two[] = "\343\201\213\343\202\231\343\201\213\343\202\231";
    struct screen *narrow = screen_new(24, 2);

    ok(same_in_two("ab\344\270\255cd \342\224\200\342\224\200 \360\237\230\200z"),
       "a character that comes in two pieces is one");
    ok(same_in_two("\303\251\303\251\303\251\303\251\314\201\314\202z"),
       "so is one in the last column with its accents");
    ok(same_in_two("\033[?7l\303\251\303\251\303\251\303\251\314\201"), "that stays there");
    ok(same_in_two("abce\314\201z") &&
           memmem(buf_data(&a), a.len, "abce\314\201\r\nz", 9) != NULL,
       "or is a letter");
    ok(same_in_two(two) && memmem(buf_data(&a), a.len, two, sizeof(two) - 1) != NULL,
       "an accent of wide characters is no wider than they are");
    screen_feed(narrow, str_c(two));
    draw(narrow, &a);
    ok(memmem(buf_data(&a), a.len, "\343\201\213\343\202\231\r\n", 8) != NULL,
       "so that they fit where one does");
    screen_free(narrow);
}

/* What harm can be done with few bytes takes many steps, each of them short. */
static void steps(void)
{
    struct screen *s = screen_new(100, 300);
    int count = 0;

    while (screen_room(s) > 4096) {
        for (int i = 0; i < 1024; i++) {
            screen_feed(s, str_c("\033[2J"));
        }
    }
    ok(screen_is_behind(s), "what may cost much waits, but not much of it");
    while (screen_is_behind(s) && count < 1000000) {
        screen_step(s);
        count++;
    }
    ok(count > 1 && !screen_is_behind(s), "it is caught up with in steps");
    ok(screen_room(s) > 0, "then there is room again");
    for (int i = 0; i < 3000; i++) {
        screen_feed(s, str_c("line\r\n"));
    }
    screen_feed(s, str_c("\033[1"));
    ok(screen_room(s) > SCREEN_EAGER_MAX, "plain lines may wait");
    screen_feed(s, str_c(";1H\033[44mtop"));
    screen_feed(s, str_c("                                        "));
    ok(screen_room(s) < SCREEN_EAGER_MAX, "until something else comes");
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "\033[0;44mtop", 10) != NULL,
       "all of it is shown in the end");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 16 << 20);
    buf_init(&b, 16 << 20);
    floods();
    answers();
    characters();
    steps();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
