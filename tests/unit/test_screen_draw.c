/* SPDX-License-Identifier: MIT */
/* Draws whole screens. Another screen that is fed a drawing must draw the same. */
#include "tap.h"

#include "screen.h"

static void a_drawing_of_a_drawing_is_the_same(void)
{
    static const struct {
        const char *name, *text;
    } samples[] = {
        {"an empty screen", ""},
        {"text", "hello\r\nworld"},
        {"colours",
         "\033[1;31mred\033[0;44mblue\033[38;5;200mx\033[48;2;1;2;3my\033[97;105mz\033[0m."},
        {"attributes",
         "\033[1mb\033[3mi\033[4mu\033[4:3mc\033[21md\033[5mk\033[7mr\033[8mh\033[9ms\033[0m"},
        {"a pen that is not reset", "a\033[1;32m"},
        {"the cursor", "\033[7;13Hhere\033[3D"},
        {"a hidden cursor of another shape", "\033[?25l\033[4 q"},
        {"wide and combining characters",
         "\344\270\255\346\226\207 e\314\201 \360\237\230\200!"},
        {"a cursor behind the last column",
         "\033[3;"
         "1H01234567890123456789012345678901234567890123456789012345678901234567890123456789"},
        {"the alternate screen and the main one", "main\r\n\033[?1049h\033[5;5Halternate"},
        {"mode 47", "main\033[?47hthere"},
        {"margins and origin", "\033[3;10r\033[?6h\033[2;2Hin"},
        {"modes", "\033[?1h\033=\033[?2004h\033[?1002h\033[?1006h\033[?1004h\033[?7l\033[4h"},
        {"line drawing", "\033(0lqk\033(B\033)0"},
        {"a character set that is shifted out", "\033)0\016"},
        {"a title", "\033]2;a title\007"},
        {"kitty's keyboard", "\033[>1u\033[>5u"},
        {"modifyOtherKeys", "\033[>4;2m"},
        {"tab stops", "\033[3g\033[1;5H\033H\033[1;30H\033H\033[2;2H"},
        {"other modes", "\033[?2031h\033[?1007h"},
        {"a screen that is erased with a colour", "\033[44m\033[2J\033[0mx"},
        {"reverse video", "\033[?5hx"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct screen *s = screen_new(24, 80);

        screen_feed(s, str_c(samples[i].text));
        same_again(s, samples[i].name);
        screen_free(s);
    }
}

static void cursor_goes_below_the_text(void)
{
    static const struct {
        const char *name, *text, *below;
    } samples[] = {
        {"an empty screen", "", ""},
        {"a line that has ended", "text\r\n", ""},
        {"a line that has not ended", "text", "\r\n"},
        {"the start of a line with text", "text\r", "\r\n"},
        {"text below the cursor", "a\r\nb\r\nc\033[1;1H", "\033[2B\r\n"},
        {"only text below the cursor", "\r\n\r\nc\033[1;1H", "\033[2B\r\n"},
        {"the alternate screen", "\033[?1049h\033[3;3H", "\r\n"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct screen *s = screen_new(24, 80);

        screen_feed(s, str_c(samples[i].text));
        buf_reset(&a);
        screen_go_below(s, false, &a);
        is_mem(buf_data(&a), a.len, samples[i].below, strlen(samples[i].below),
               samples[i].name);
        screen_free(s);
    }
    struct screen *s = screen_new(24, 80);

    buf_reset(&a);
    screen_go_below(s, true, &a);
    is_mem(buf_data(&a), a.len, "\r\n", 2, "a new line in any case, if that is asked for");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    a_drawing_of_a_drawing_is_the_same();
    cursor_goes_below_the_text();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
