/* SPDX-License-Identifier: MIT */
/* The state that a screen computes from the bytes that it was fed. test_screen_draw.c tests how
 * it draws that. */
#include "tap.h"

#include "screen.h"

static void lines_that_scrolled_out_are_kept(void)
{
    struct screen *s = screen_new(24, 80);
    struct buf text;

    buf_init(&text, 1 << 22);
    add_lines(&text, 0, 3000);
    screen_feed(s, buf_str(&text));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "line 2999", 9) != NULL,
       "the drawing contains the last line");
    ok(memmem(buf_data(&a), a.len, "line 1000\033", 10) != NULL,
       "the drawing contains one of the 2000 lines before the last");
    ok(memmem(buf_data(&a), a.len, "line 900\033", 9) == NULL,
       "the drawing does not contain older lines");
    for (int i = 0; i < 2500; i++) { /* lines of many colours, far more than the screen keeps */
        for (int x = 0; x < 400; x++) {
            char cell[64];
            int len = snprintf(cell, sizeof(cell), "\033[38;2;%d;%d;%d;48;2;%d;1;1mx", x % 256,
                               i % 256, x % 7, i % 200);

            screen_feed(s, str_n(cell, (size_t)len));
        }
        screen_feed(s, str_c("\r\n"));
    }
    draw(s, &a);
    ok(a.len < (12U << 20), "the text of the lines that scrolled out is bounded");
    screen_feed(s, str_c("\033[3J"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "line 2000", 9) == NULL,
       "the program can erase the lines that scrolled out");
    screen_free(s);
    buf_release(&text);
}

/* A program may set a scrolling region that is outside of the screen when the terminal becomes
 * smaller. */
static void a_region_outside_of_the_screen_does_no_harm(void)
{
    static const char *const regions[] = {
        "\033[24;24r",          "\033[20;24r",          "\033[24r",
        "\033[?69h\033[60;80s", "\033[?69h\033[80;80s", "\033[?69h\033[70s\033[20;22r"};

    for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
        struct screen *s = screen_new(24, 80);

        screen_feed(s, str_c(regions[i]));
        screen_feed(s, str_c("x"));
        screen_update(s);
        screen_resize(s, 3, 5);
        screen_feed(
            s,
            str_c(
                "\033[3;1Ha\nb\n\033M\033M\033[2L\033[2M\033[2S\033[2T\033[2@\033[2P\033[2'}"));
        draw(s, &a);
        ok(a.len > 0, "a screen with a region outside of it can be drawn: %s", regions[i] + 1);
        screen_resize(s, 24, 80);
        screen_feed(s, str_c("\033[24;1Ha\nb\n"));
        draw(s, &a);
        screen_free(s);
    }
}

/* The program saves the cursor (DECSC), and the screen becomes smaller. DECRC, and a tab stop
 * and text behind it, must not use a place outside of the screen. */
static void a_saved_cursor_outside_of_the_screen_is_moved(void)
{
    struct screen *s = screen_new(24, 80);

    screen_feed(s, str_c("\033[24;80H\0337"));
    screen_resize(s, 2, 5);
    screen_feed(s, str_c("\033[H\0338\033Hz"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "\r\n    z", 7) != NULL,
       "a saved cursor outside of the screen is restored at the edge");
    screen_resize(s, 24, 80);
    screen_feed(s, str_c("\0338y"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "\033[24;80H", 8) != NULL,
       "a saved cursor is restored at its own place once the screen is large enough");
    screen_free(s);
}

/* DECALN fills the screen with E, several times before the screen is parsed, also on a line of
 * double width. */
static void the_screen_can_be_filled(void)
{
    struct screen *s = screen_new(3, 9);

    for (int i = 0; i < 20; i++) {
        screen_feed(s, str_c("\033#8\033[Htext\033[2;1H\033#6"));
    }
    screen_feed(s, str_c("\033#8"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "EEEEEEEEE\r\n\033#6EEEE\r\nEEEEEEEEE\033", 30) != NULL,
       "the screen is filled each time");
    screen_free(s);
}

/* REP repeats a wide character, of which only one half would fit at the end of the line. */
static void wide_characters_are_repeated(void)
{
    struct screen *s = screen_new(3, 9);

    screen_feed(s,
                str_c("\344\270\255\033[20b|\033[9G\033[b\033[2;1H\344\270\255\033[9G\033[b|"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len,
              "\033[2J\344\270\255\344\270\255\344\270\255\344\270\255\r\n", 18) != NULL,
       "wide characters are repeated only as far as they fit");
    screen_free(s);
}

static void every_size_is_accepted(void)
{
    struct screen *s = screen_new(0, 0);

    screen_feed(s, str_c("text\033[24;80Hx"));
    same_again(s, "a screen without a size has 24x80");
    screen_resize(s, 10, 40);
    screen_resize(s, 50, 200);
    screen_resize(s, 1, 1);
    screen_resize(s, 65535, 65535);
    screen_resize(s, 24, 80);
    screen_feed(s, str_c("\033[Hstill"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "still", 5) != NULL,
       "the screen can change from any size to any other");
    screen_free(s);
}

/* Sequences that are made to break libvterm: more arguments than it has room for, with values
 * that look like addresses; strings that are cut at an ESC; characters without a width in the
 * first column. */
static void hostile_sequences_do_no_harm(void)
{
    struct screen *s = screen_new(24, 80);

    screen_feed(s, str_c("\033["));
    for (int i = 0; i < 200; i++) {
        screen_feed(s, str_c("4702111234474983745;"));
    }
    screen_feed(s, str_c("1mstill\r\n"));
    screen_update(s);
    screen_feed(s, str_c("\033]2;title\033"));
    screen_update(s);
    screen_feed(s, str_n("\0", 1));
    screen_update(s);
    screen_feed(s, str_c("\033\\\r\xc2\x9f\033[K\033[4h\r\xc2\x80z\033[4l\r\n"));
    screen_update(s);
    screen_feed(s, str_c("here"));
    draw(s, &a);
    ok(memmem(buf_data(&a), a.len, "still", 5) != NULL &&
           memmem(buf_data(&a), a.len, "here", 4) != NULL,
       "hostile sequences do no harm");
    screen_resize(s, 2, 1);
    screen_feed(s, str_c("\344\270\255\344\270\255"));
    screen_update(s);
    ok(!screen_is_behind(s), "a wide character on a screen of one column does no harm");
    screen_free(s);
}

/* Random bytes in pieces of random lengths, with random sizes. */
static void random_bytes_do_no_harm(void)
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
    ok(true, "random bytes do no harm");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 16 << 20);
    buf_init(&b, 16 << 20);
    lines_that_scrolled_out_are_kept();
    a_region_outside_of_the_screen_does_no_harm();
    a_saved_cursor_outside_of_the_screen_is_moved();
    the_screen_can_be_filled();
    wide_characters_are_repeated();
    every_size_is_accepted();
    hostile_sequences_do_no_harm();
    random_bytes_do_no_harm();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
