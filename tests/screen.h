/* SPDX-License-Identifier: MIT */
/* Screens of tests: drawn, and filled. */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include "term/screen.h"

#include <stdlib.h>

static struct buf a, b; /* drawings */

static void draw_with(struct screen *s, bool scrollback, struct buf *out)
{
    buf_reset(out);
    if (screen_draw(s, scrollback, out) < 0) {
        abort();
    }
}

__attribute__((unused)) static void draw(struct screen *s, struct buf *out)
{
    draw_with(s, true, out);
}

/* A second screen that is shown the first one's drawing draws the same itself: nothing was
 * lost. */
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

__attribute__((unused)) static void add_lines(struct buf *text, int from, int to)
{
    for (int i = from; i < to; i++) {
        (void)buf_addf(text, "\033[3%dmline %d\033[0m of many, with some text behind it\r\n",
                       i % 8, i);
    }
}

#endif
