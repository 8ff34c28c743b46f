/* SPDX-License-Identifier: MIT */
/* A terminal's output of any kind: the screen takes it, with any size afterwards (the first two
 * bytes), and shows the same however it was cut into pieces. It answers the same as well, where
 * nobody else does (the first byte's highest bit). */
#include "fuzz.h"

#include "term/screen.h"

#include <stdlib.h>

static void feed(struct screen *s, struct str in, size_t step)
{
    while (in.len > 0) {
        size_t len = step < in.len ? step : in.len;

        screen_feed(s, str_n(in.p, len));
        if (len % 3 == 0) {
            screen_update(s);
        }
        in = str_drop(in, len);
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct screen *s = screen_new(4, 16);
    struct buf answers;

    buf_init(&answers, SCREEN_ANSWERS_MAX);
    if (in.len > 0 && ((unsigned char)in.p[0] & 0x80U) != 0) {
        screen_answer_to(s, &answers);
    }
    if (in.len > 2) {
        struct str text = str_drop(in, 2);

        feed(s, str_n(text.p, text.len / 2), step);
        screen_resize(s, (unsigned char)in.p[0] % 12U, (unsigned char)in.p[1] % 40U);
        feed(s, str_drop(text, text.len / 2), step);
    }
    if (screen_draw(s, true, out) < 0) {
        abort();
    }
    screen_go_below(s, false, out);
    (void)buf_add_str(out, buf_str(&answers));
    buf_release(&answers);
    screen_free(s);
}
