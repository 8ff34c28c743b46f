/* SPDX-License-Identifier: MIT */
/* Helpers for tests of screens: they draw them and fill them. */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include "term/screen.h"

#include <stdlib.h>

static struct buf a, b; /* drawings */

/* Replaces the content of `out` by a drawing. */
static void draw_with(struct screen *s, bool scrollback, struct buf *out)
{
    buf_reset(out);
    if (screen_draw(s, scrollback, out) < 0) {
        abort();
    }
}

/* Draws with the lines that scrolled out. */
__attribute__((unused)) static void draw(struct screen *s, struct buf *out)
{
    draw_with(s, true, out);
}

/* Checks that another screen that is fed a drawing of `s` draws the same, so that the drawing
 * contains everything. */
__attribute__((unused)) static void same_again(struct screen *s, const char *name)
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

/* Adds coloured lines with the numbers from `from` to `to` - 1. */
__attribute__((unused)) static void add_lines(struct buf *text, int from, int to)
{
    for (int i = from; i < to; i++) {
        (void)buf_addf(text, "\033[3%dmline %d\033[0m of many, with some text behind it\r\n",
                       i % 8, i);
    }
}

#endif
