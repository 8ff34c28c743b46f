/* SPDX-License-Identifier: MIT */
/* What a screen knows of what it was fed. How it draws that: test_screen_draw.c. */
#include "tty/screen.h"

#include "tap.h"

#include <stdlib.h>

static struct buf a, b;

static void draw_with(struct screen *s, bool scrollback, struct buf *out)
{
    buf_reset(out);
    if (screen_draw(s, scrollback, out) < 0) {
        abort();
    }
}

static void draw(struct screen *s, struct buf *out)
{
    draw_with(s, true, out);
}

/* A second screen that is shown the first one's drawing draws the same itself: nothing was lost. */
static void same_again(struct screen *s, const char *name)
{
    struct screen *copy = screen_new(24, 80);

    draw_with(s, false, &a);
    screen_feed(copy, buf_str(&a));
    draw_with(copy, false, &b);
    if (!ok(a.len == b.len && memcmp(buf_data(&a), buf_data(&b), a.len) == 0, "%s", name)) {
        (void)printf("#   %zu and %zu bytes\n", a.len, b.len);
    }
    screen_free(copy);
}

static void add_lines(struct buf *text, int from, int to)
{
    for (int i = from; i < to; i++) {
        (void)buf_addf(text, "\033[3%dmline %d\033[0m of many, with some text behind it\r\n",
                       i % 8, i);
    }
}

static void scrollback(void)
{
    struct screen *s = screen_new(24, 80);
    struct buf text;

    buf_init(&text, 1 << 22);
    add_lines(&text, 0, 3000);
    screen_feed(s, buf_str(&text));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "line 2999", 9) != NULL, "the last line is there");
    ok(memmem(buf_data(&a), a.len, "line 1000\033", 10) != NULL,
       "so is one of 2,000 before it");
    ok(memmem(buf_data(&a), a.len, "line 900\033", 9) == NULL, "not all of them");
    screen_feed(s, str_c("\033[3J"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "line 2000", 9) == NULL,
       "unless the program has erased them");
    screen_free(s);
    buf_release(&text);
}

/* A flood of which most is never looked at must leave what one that is looked at piece by piece leaves. */
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
        screen_settle(eager);
    }
    draw(lazy, &a);
    draw(eager, &b);
    is_mem(buf_data(&a), a.len, buf_data(&b), b.len,
           "skipping lines that are lost changes nothing");
    screen_free(lazy);
    screen_free(eager);
    buf_release(&text);
}

static void sizes(void)
{
    struct screen *s = screen_new(0, 0);

    screen_feed(s, str_c("text\033[24;80Hx"));
    same_again(s, "no size is 24x80");
    screen_resize(s, 10, 40);
    screen_resize(s, 50, 200);
    screen_resize(s, 1, 1);
    screen_resize(s, 65535, 65535);
    screen_resize(s, 24, 80);
    screen_feed(s, str_c("\033[Hstill"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "still", 5) != NULL, "any size can follow any other");
    screen_free(s);
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
    screen_answer_to(s, NULL);
    screen_feed(s, str_c("\033[c"));
    screen_settle(s);
    is_int((long long)out.len, 6, "none where a terminal answers");
    screen_free(s);
    buf_release(&out);
}

/* Any bytes at all, in any pieces: never more than a screen. */
static void noise(void)
{
    unsigned seed = 12345;
    struct screen *s = screen_new(24, 80);
    char bytes[512];

    for (int i = 0; i < 400; i++) {
        size_t len = 0;

        for (; len < sizeof(bytes) && (seed >> 20) % 97 != 0; len++) {
            seed = seed * 1103515245U + 12345U;
            bytes[len] =
                (char)((seed >> 16) % 5 == 0 ? "\033[;?0123456789mHJKhl\r\n"[(seed >> 8) % 23]
                                             : (char)(seed >> 16));
        }
        seed = seed * 1103515245U + 12345U;
        screen_feed(s, str_n(bytes, len));
        if (i % 16 == 0) {
            screen_resize(s, 1 + (seed >> 16) % 60, 1 + (seed >> 8) % 200);
        }
        if (i % 32 == 0) {
            draw(s, &a);
        }
    }
    ok(true, "noise is shown without harm");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 16 << 20);
    buf_init(&b, 16 << 20);
    scrollback();
    floods();
    sizes();
    answers();
    noise();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
