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

static void leaving_resets_the_terminal(void)
{
    struct screen *s = screen_new(24, 80);

    screen_feed(s, str_c("plain text"));
    buf_reset(&a);
    screen_leave(s, false, &a);
    is_int((long long)a.len, 0, "a plain screen needs no reset");
    screen_feed(s, str_c("\033[?1049h\033[?25l\033[?1002h\033[>1u"));
    screen_leave(s, false, &a);
    ok(memmem(buf_data(&a), a.len, "\033[?1049l", 8) != NULL &&
           memmem(buf_data(&a), a.len, "\033[?25h", 6) != NULL &&
           memmem(buf_data(&a), a.len, "\033[?1002l", 8) != NULL &&
           memmem(buf_data(&a), a.len, "\033[<1u", 5) != NULL,
       "leaving resets the modes that the program has set");
    buf_reset(&a);
    screen_abandon(&a);
    ok(a.len > 0, "a terminal in an unknown state is reset");
    screen_free(s);
}

int main(void)
{
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    a_drawing_of_a_drawing_is_the_same();
    leaving_resets_the_terminal();
    buf_release(&a);
    buf_release(&b);
    return done_testing();
}
