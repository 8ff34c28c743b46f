/* SPDX-License-Identifier: MIT */
/* How single lines are drawn. test_screen.c and test_screen_draw.c test whole screens. */
#include "term/screen_state.h"

#include "tap.h"

static struct buf out;

/* Returns a cell with one character and the default colours. */
static VTermScreenCell cell(uint32_t c)
{
    return (VTermScreenCell){.chars = {c},
                             .width = 1,
                             .fg = {.type = VTERM_COLOR_DEFAULT_FG},
                             .bg = {.type = VTERM_COLOR_DEFAULT_BG}};
}

static void draws(const VTermScreenCell *cells, int count, const char *want, const char *name)
{
    buf_reset(&out);
    screen_draw_line(cells, count, &out);
    is_mem(buf_data(&out), out.len, want, strlen(want), name);
}

int main(void)
{
    VTermScreenCell c[4];

    buf_init(&out, 4096);
    c[0] = cell('a');
    c[1] = cell(0);
    c[2] = cell('b');
    c[3] = cell(0);
    draws(c, 4, "a b", "only blanks at the end of a line are left out");
    c[3].bg = (VTermColor){.indexed = {.type = VTERM_COLOR_INDEXED, .idx = 4}};
    draws(c, 4, "a b\033[0;44m \033[0m", "a blank with a colour at the end of a line is drawn");
    c[0].attrs.bold = 1;
    c[1] = cell(0x4e2d);
    c[1].width = 2;
    c[2] = cell((uint32_t)-1);
    c[3] = cell(0x1f600);
    draws(c, 4, "\033[0;1ma\033[0m\344\270\255\360\237\230\200\033[0m",
          "a wide character is drawn once");
    c[0] = cell('e');
    c[0].chars[1] = 0x301;
    c[0].fg = (VTermColor){.rgb = {.type = VTERM_COLOR_RGB, .red = 1, .green = 2, .blue = 3}};
    c[1] = cell('x');
    c[1].fg = (VTermColor){.indexed = {.type = VTERM_COLOR_INDEXED, .idx = 9}};
    c[2] = cell('y');
    c[2].fg = (VTermColor){.indexed = {.type = VTERM_COLOR_INDEXED, .idx = 99}};
    c[3] = cell(0);
    draws(c, 4, "\033[0;38;2;1;2;3me\314\201\033[0;91mx\033[0;38;5;99my\033[0m",
          "RGB, bright and indexed colours are drawn");
    draws(c, 0, "", "an empty line is drawn as nothing");
    buf_release(&out);
    return done_testing();
}
